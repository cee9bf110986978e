/**
 * What is known about a detection rule before any event is read. In: a rule document. Out: its formula, the events of its log
 * source, and their fields; null for other documents. It is computed once for each rule and shared by the checks that prove
 * something.
 */
import type { EventSource, LogSourceResolution } from '../../model/logsource.ts';
import type { DetectionRule, LogSource } from '../../model/rule.ts';
import { SYSTEM_FIELDS } from '../../model/system-fields.ts';
import { getOrInsert, remembered } from '../../model/values/maps.ts';
import { catalog } from '../../sigma/logsource/catalog.ts';
import type { CustomLogSources } from '../../sigma/logsource/custom.ts';
import { mappingOf } from '../../sigma/logsource/fields.ts';
import { type ObservedFields, observedFields, SYSMON_CHANNEL } from '../../sigma/logsource/observed.ts';
import { type LogSourceOptions, optionalSources, resolveLogSource } from '../../sigma/logsource/resolve.ts';
import type { LintDocument } from '../document.ts';
import { type Atom, assume, atomsOf, type Formula, ruleFormula } from '../logic/formula.ts';
import { patternOn } from '../logic/pattern.ts';
import { Prover } from '../logic/proof.ts';

/** Optional sources are included: a rule that needs one of them is not wrong. */
const OPTIONAL = new Set(optionalSources);

export interface RuleFacts {
  readonly rule: DetectionRule;
  readonly formula: Formula;
  readonly resolution: LogSourceResolution;
  /** The event sources; empty when no event log serves the rule. */
  readonly sources: readonly EventSource[];
  /** The same without optional sources. */
  readonly usualSources: readonly EventSource[];
  readonly prover: Prover;
  /** True when it is proven that the rule never matches, whatever its log source. */
  readonly neverHolds: boolean;
  observed(): ObservedFields;
}

/** null for correlations, filters and refused documents. */
export const factsOf = remembered(({ rule, logSources }: LintDocument): RuleFacts | null => {
  if (rule?.kind !== 'detection') return null;
  const known = logSourceFacts(rule.logsource, logSources);
  const { sources } = known;
  const prover = new Prover((field) => sources.length > 0 && sources.every((source) => hasOneValue(field, source)));
  const formula = ruleFormula(rule);
  return { ...known, rule, formula, prover, neverHolds: prover.neverHolds(formula) };
});

type LogSourceFacts = Pick<RuleFacts, 'resolution' | 'sources' | 'usualSources' | 'observed'>;

/** What rules with the same log source share, for each set of the user's log sources. */
const byLogSource = new WeakMap<object, Map<string, LogSourceFacts>>();
const NO_CUSTOM = {};
/** How many log sources are remembered. A set of rules has about two hundred. */
const MAX_LOG_SOURCES = 10_000;

function logSourceFacts(logsource: LogSource, custom: CustomLogSources | undefined): LogSourceFacts {
  const known = getOrInsert(byLogSource, custom ?? NO_CUSTOM, () => new Map<string, LogSourceFacts>());
  const key = JSON.stringify([logsource.product, logsource.category, logsource.service]);
  let facts = known.get(key);
  if (facts === undefined) {
    const options: LogSourceOptions = { optional: OPTIONAL, custom };
    const resolution = resolveLogSource(logsource, options);
    let observed: ObservedFields | null = null;
    facts = {
      resolution,
      sources: sourcesOf(resolution),
      usualSources: sourcesOf(resolveLogSource(logsource, { custom })),
      observed: () => {
        observed ??= observedFields(logsource, options);
        return observed;
      },
    };
    if (known.size < MAX_LOG_SOURCES) known.set(key, facts);
  }
  return facts;
}

function sourcesOf(resolution: LogSourceResolution): readonly EventSource[] {
  return resolution.kind === 'sources' ? resolution.sources : [];
}

/** Logs whose events have each field only once. In other logs, UserData may repeat an element. */
const PLAIN_CHANNELS = new Set([
  SYSMON_CHANNEL,
  'security',
  'system',
  'application',
  'microsoft-windows-powershell/operational',
  'powershellcore/operational',
]);

/**
 * A field that no event of the source has twice. `Data` is excluded, because it stands for all unnamed values; a computed field
 * may have several values.
 */
function hasOneValue(field: string, source: EventSource): boolean {
  if (field === 'Data' || mappingOf(source, field)?.kind === 'derive') return false;
  return (
    SYSTEM_FIELDS.has(field) || (source.channels.length > 0 && source.channels.every((channel) => PLAIN_CHANNELS.has(channel)))
  );
}

/** What is assumed about an event: its EventID, and optionally the values that the gates of its log source allow. */
export interface EventAssumption {
  readonly source: EventSource;
  readonly eventId: number | null;
  /** True when the event may have a data field `Channel` in place of its own channel. */
  readonly namesChannel?: boolean;
}

/** Every kind of event of the log source. */
export const admittedEvents = remembered((facts: RuleFacts) => eventsOf(facts, facts.sources));

function eventsOf(facts: RuleFacts, sources: readonly EventSource[]): readonly EventAssumption[] {
  return sources.flatMap((source): EventAssumption[] =>
    source.eventIds.length === 0
      ? [{ source, eventId: null, namesChannel: namesChannel(facts, source) }]
      : source.eventIds.map((eventId) => ({ source, eventId })),
  );
}

/** The truth of an atom for the assumed event, when the EventID alone decides it. */
export function onEventId(atom: Atom, event: EventAssumption): boolean | undefined {
  if (atom.field !== 'EventID' || event.eventId === null) return undefined;
  return patternOn(atom.pattern, String(event.eventId));
}

/** As {@link onEventId}, but the values that the gates of the source allow may decide as well. */
export function onGates(atom: Atom, event: EventAssumption): boolean | undefined {
  const byId = onEventId(atom, event);
  if (byId !== undefined) return byId;
  const gate = event.source.when.find((one) => one.field === atom.field);
  if (gate === undefined || gate.values.length === 0 || event.source.fields[gate.field] !== undefined) return undefined;
  const possible = gate.values.map((value) => patternOn(atom.pattern, value));
  // An event without the field passes the gate as well.
  if (gate.required !== true) possible.push(patternOn(atom.pattern, undefined));
  return possible.every((value) => value === possible[0]) ? possible[0] : undefined;
}

/** Events in which the event log service writes about another log, whose name is in a data field `Channel`. */
const NAMES_CHANNEL: ReadonlyMap<string, number> = new Map([
  ['system', 104],
  ['security', 1105],
]);

/** True when the rule may match an event about another log. */
function namesChannel(facts: RuleFacts, { channels }: EventSource): boolean {
  return channels.some((channel) => {
    const eventId = NAMES_CHANNEL.get(channel);
    return eventId !== undefined && canHoldFor(facts, eventId);
  });
}

/** True when the rule may match an event with this EventID. */
export function canHoldFor(facts: RuleFacts, eventId: number): boolean {
  const formula = assume(facts.formula, (atom) =>
    atom.field === 'EventID' ? patternOn(atom.pattern, String(eventId)) : undefined,
  );
  return formula.kind === 'const' ? formula.value : !facts.prover.neverHolds(formula);
}

/**
 * The truth of an atom about the Channel: false for a channel that no event of the source has. An event that names no channel
 * lacks the field.
 */
export function onChannel({ field, pattern }: Atom, { source, namesChannel }: EventAssumption): false | undefined {
  if (field !== 'Channel' || source.channels.length === 0 || namesChannel === true) return undefined;
  return [...source.channels, undefined].every((channel) => patternOn(pattern, channel) === false) ? false : undefined;
}

/** The sources that remain after the rule's conditions on EventID, channel and gated fields. */
export const possibleSources = remembered((facts: RuleFacts): readonly EventSource[] => {
  const known = (atom: Atom, event: EventAssumption) => onChannel(atom, event) ?? onGates(atom, event);
  return facts.sources.filter((source) => !neverHoldsOnAny(facts, known, [source]));
});

/** True when it is proven that the rule matches no event of the log source, or of some of its sources. */
export function neverHoldsOnAny(
  facts: RuleFacts,
  known: (atom: Atom, event: EventAssumption) => boolean | undefined,
  sources = facts.sources,
): boolean {
  const events = sources === facts.sources ? admittedEvents(facts) : eventsOf(facts, sources);
  return (
    events.length > 0 &&
    events.every((event) => {
      // In most rules nothing that is known about the event decides an atom.
      if (!atomsOf(facts.formula).some((atom) => known(atom, event) !== undefined)) return facts.neverHolds;
      const formula = assume(facts.formula, (atom) => known(atom, event));
      if (formula.kind === 'const') return !formula.value;
      return facts.prover.neverHolds(formula);
    })
  );
}

/** The category that a rule about events with this EventID should name, such as `wmi_event`. */
export function logSourceOfEvent(eventId: number): string | undefined {
  for (const [category, definitions] of catalog.categories) {
    for (const { channels, eventIds, fields } of definitions) {
      const sysmon = channels.some((channel) => channel.toLowerCase() === SYSMON_CHANNEL);
      if (fields === undefined && eventIds.includes(eventId) && (sysmon || eventId > 255)) return category;
    }
  }
  return undefined;
}

export function isSysmon(source: EventSource): boolean {
  return source.channels.length === 1 && source.channels[0] === SYSMON_CHANNEL;
}
