import { catalog } from '../../sigma/logsource/catalog.ts';
import { detection, ruleText } from '../examples.ts';
import { admittedEvents, logSourceOfEvent, neverHoldsOnAny, onEventId, type RuleFacts } from '../facts/rule-facts.ts';
import { channelEventIds, isKnownByManifest, nativeEvents } from '../knowledge/native-events.ts';
import type { LintRule, Report } from '../lint-rule.ts';
import { atomsOf } from '../logic/formula.ts';

const DETECTION = detection(`selection:
    EventID: 21
    Consumer|contains: ActiveScriptEventConsumer
condition: selection`);

export const lintRule: LintRule = {
  id: 'event-id-outside-log-source',
  severity: 'error',
  summary: 'The log source admits no event with this EventID.',
  why:
    'A category stands for certain events: `process_creation` for Sysmon 1 and Security 4688, `file_event` for Sysmon 11. A rule ' +
    'that asks for another EventID below such a category can never match, and nothing tells its author. It is an error where ' +
    'the whole rule cannot match, a warning where only one of several EventIDs is out of reach.',
  avoid: ruleText('logsource:\n    category: process_creation\n    product: windows', DETECTION),
  prefer: ruleText('logsource:\n    category: wmi_event\n    product: windows', DETECTION),
  checkDetection(facts, report) {
    if (facts.sources.length === 0 || facts.neverHolds) return;
    const events = admittedEvents(facts);
    if (events.some((event) => event.eventId === null)) {
      outsideChannel(facts, report);
      return;
    }
    const never = neverHoldsOnAny(facts, onEventId);
    for (const atom of new Set(atomsOf(facts.formula))) {
      if (atom.field !== 'EventID' || events.some((event) => onEventId(atom, event) !== false)) continue;
      report({
        at: atom.value.span,
        severity: never ? 'error' : 'warning',
        message: `${nameOf(facts)} has no event with EventID ${atom.value.source}${never ? ', so the rule can never match' : ''}.`,
        hint: hintFor(facts, Number(atom.value.source)),
      });
    }
  },
};

function nameOf({ rule }: RuleFacts): string {
  const { category, service } = rule.logsource;
  return [category && `category "${category}"`, service && `service "${service}"`].filter(Boolean).join(' with ');
}

function hintFor(facts: RuleFacts, eventId: number): string {
  const ids = [...new Set(facts.sources.flatMap((source) => source.eventIds))];
  const category = Number.isSafeInteger(eventId) ? logSourceOfEvent(eventId) : undefined;
  const has = `It stands for EventID ${ids.join(', ')}.`;
  return category === undefined ? has : `${has} Event ${eventId} belongs to \`category: ${category}\`.`;
}

/** Finds EventIDs that a channel never has, for rules whose log source is whole channels. */
function outsideChannel(facts: RuleFacts, report: Report): void {
  const channels = [...new Set(facts.sources.flatMap((source) => source.channels.map((name) => name.toLowerCase())))];
  if (channels.length === 0 || facts.sources.some((source) => source.eventIds.length > 0)) return;
  const inFull = channels.every((channel) => channelEventIds.has(channel));
  const isOutside = (id: number): boolean => channels.every((channel) => isOutsideOf(id, channel, channels));
  for (const atom of new Set(atomsOf(facts.formula))) {
    const id = atom.field === 'EventID' && atom.pattern.kind !== 'null' ? Number(atom.value.source) : Number.NaN;
    if (!Number.isSafeInteger(id) || !isOutside(id)) continue;
    report({
      at: atom.value.span,
      severity: 'warning',
      message: `${nameOf(facts)} has no ${inFull ? '' : 'known '}event with EventID ${id}.`,
      hint: channelHint(id),
    });
  }
}

function isOutsideOf(id: number, channel: string, beside: readonly string[]): boolean {
  const ranges = channelEventIds.get(channel);
  if (ranges !== undefined) return !ranges.some(([from, to]) => from <= id && id <= to);
  return !beside.includes(ownerOf(id) ?? '') && isOfAnother(id, channel);
}

/** EventIDs of the Security log and PowerShell that no other log is known to use. 4609, 4621 and 4625 are COM+ events as well. */
const OWN_EVENT_IDS: readonly (readonly [number, number, string])[] = [
  [4103, 4106, 'microsoft-windows-powershell/operational'],
  [4610, 4620, 'security'],
  [4622, 4624, 'security'],
  [4626, 4999, 'security'],
];

function ownerOf(id: number): string | undefined {
  return OWN_EVENT_IDS.find(([from, to]) => from <= id && id <= to)?.[2];
}

/**
 * True for an event that only other logs have. If the manifests of the channel are known and lack the event, it is enough that
 * some service has it. Otherwise, the EventID must be one that a single log is known to use.
 */
function isOfAnother(id: number, channel: string): boolean {
  if (isKnownByManifest(channel) && !nativeEvents(channel)?.has(id)) return servicesWith(id).length > 0;
  const owner = ownerOf(id);
  if (owner === undefined || owner === channel) return false;
  if (channel === 'application') return true;
  const own = nativeEvents(channel);
  return own !== undefined && !own.has(id);
}

/**
 * The services whose logs have an event with this EventID. An EventID that a single log is known to use has only its own service.
 */
function servicesWith(eventId: number): readonly string[] {
  const owner = ownerOf(eventId);
  const has = (channel: string): boolean =>
    owner === undefined ? nativeEvents(channel)?.has(eventId) === true : channel === owner;
  return [...catalog.services]
    .filter(([, { channels }]) => channels.some((name) => has(name.toLowerCase())))
    .map(([name]) => name);
}

function channelHint(eventId: number): string | undefined {
  const services = servicesWith(eventId);
  // Several logs may use the same number, as AppLocker and NTLM do.
  return services.length === 1 ? `Event ${eventId} belongs to \`service: ${services[0]}\`.` : undefined;
}
