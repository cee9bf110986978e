/**
 * Which fields have been seen in the events of a log source, and whether a rule can match without the others. In: a log source,
 * or a rule and one event source. Out: names, or a verdict. Used by lint, explain and reports only: nothing here decides
 * whether a rule matches.
 */
import type { EventSource, FieldMapping } from '../../model/logsource.ts';
import type { DetectionRule, LogSource, Pattern } from '../../model/rule.ts';
import { SYSTEM_FIELDS } from '../../model/system-fields.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import { foldCondition } from '../formula.ts';
import { catalog } from './catalog.ts';
import { mappingOf } from './fields.ts';
import { type LogSourceOptions, resolveLogSource } from './resolve.ts';

/** Sysmon's own channel, in lower case as in gates. It is the only one of which all events are known. */
export const SYSMON_CHANNEL = 'microsoft-windows-sysmon/operational';

export interface ObservedFields {
  /** EventID -> the names that a rule may use for such events: their own fields, mapped fields and System fields. */
  readonly byEventId: ReadonlyMap<number, ReadonlySet<string>>;
  /** True when `byEventId` has every event that the log source admits. A field name in none of them is then a mistake. */
  readonly complete: boolean;
}

/** Lower-cased channel -> EventID -> names in the events. */
const observedByChannel = collectObserved();

function collectObserved(): Map<string, Map<number, readonly string[]>> {
  const all = new Map<string, Map<number, readonly string[]>>();
  for (const { channels, observed } of [...catalog.services.values(), ...[...catalog.categories.values()].flat()]) {
    for (const channel of channels) {
      const events = getOrInsert(all, channel.toLowerCase(), () => new Map());
      for (const [id, names] of Object.entries(observed ?? {})) events.set(Number(id), names);
    }
  }
  return all;
}

/** What is known about the fields of a log source's events. Empty when no event log serves it. */
export function observedFields(logsource: LogSource, options: LogSourceOptions = {}): ObservedFields {
  const resolution = resolveLogSource(logsource, options);
  const byEventId = new Map<number, Set<string>>();
  if (resolution.kind === 'not-applicable') return { byEventId, complete: false };
  let complete = true;
  for (const source of resolution.sources) {
    const seen = observedIn(source);
    const wanted = source.eventIds.length > 0 ? source.eventIds : [...seen.keys()];
    // Without a list of EventIDs, the channel has more events than have been observed. Sysmon's channel is known in full.
    if (source.eventIds.length === 0 && !source.channels.includes(SYSMON_CHANNEL)) complete = false;
    for (const id of wanted) {
      const names = seen.get(id);
      if (names === undefined) complete = false;
      else byEventId.set(id, new Set([...(byEventId.get(id) ?? []), ...ruleNames(source, names)]));
    }
  }
  return { byEventId, complete };
}

function observedIn(source: EventSource): Map<number, readonly string[]> {
  return new Map(source.channels.flatMap((channel) => [...(observedByChannel.get(channel) ?? [])]));
}

function ruleNames(source: EventSource, own: readonly string[]): Set<string> {
  const names = new Set([...own, ...SYSTEM_FIELDS]);
  for (const [name, mapping] of Object.entries(source.fields)) {
    if (mapping.kind === 'absent') names.delete(name);
    // A field of `commonFields`, which any event may have, counts only where the fields that it is made from exist.
    else if (mapping !== catalog.commonFields[name] || isMadeOf(mapping, names)) names.add(name);
  }
  return names;
}

function isMadeOf(mapping: FieldMapping, names: ReadonlySet<string>): boolean {
  return mapping.kind === 'derive' && mapping.from.some((field) => names.has(field));
}

/** Whether a condition, or a part of it, can be true, and whether it can be false. */
interface Outcomes {
  readonly true: boolean;
  readonly false: boolean;
}

const EITHER: Outcomes = { true: true, false: true };

function decided(value: boolean): Outcomes {
  return { true: value, false: !value };
}

/**
 * False when every branch of the rule needs a field that events of this source lack, so that the rule can never match there.
 * This is so for 113 of SigmaHQ's process_creation rules on a Security 4688.
 */
export function canMatchOn(rule: DetectionRule, source: EventSource): boolean {
  const lacking = (name: string): boolean => mappingOf(source, name)?.kind === 'absent';
  return foldCondition<Outcomes>(rule.condition, rule.selections, {
    atom({ field }, _value, pattern) {
      if (pattern.kind === 'fieldref' && lacking(pattern.field)) return decided(false);
      return field !== null && lacking(field) ? decided(holdsForAbsence(pattern)) : EITHER;
    },
    not: (of) => ({ true: of.false, false: of.true }),
    join: (kind, of) => (kind === 'and' ? every(of) : some(of)),
    missing: () => EITHER,
  }).true;
}

/** Whether a pattern holds for a field that is absent. */
function holdsForAbsence(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'null':
      return true;
    case 'exists':
      return !pattern.value;
    default:
      return false;
  }
}

function every(parts: readonly Outcomes[]): Outcomes {
  return { true: parts.every((part) => part.true), false: parts.some((part) => part.false) };
}

function some(parts: readonly Outcomes[]): Outcomes {
  return { true: parts.some((part) => part.true), false: parts.every((part) => part.false) };
}
