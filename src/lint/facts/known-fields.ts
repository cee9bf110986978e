/**
 * Finds the known fields of a rule's events. In: what is known about the rule. Out: the fields of the events of its log source,
 * for the EventIDs that the rule asks for; null where these are not known in full.
 */
import { remembered } from '../../model/values/maps.ts';
import { type Atom, assume, atomsOf } from '../logic/formula.ts';
import { literalOf, patternOn } from '../logic/pattern.ts';
import { canHoldFor, isSysmon, neverHoldsOnAny, onEventId, type RuleFacts } from './rule-facts.ts';

export interface KnownEvents {
  /** EventID -> every name that a rule may use for such an event. Only EventIDs with which the rule can match. */
  readonly byEventId: ReadonlyMap<number, ReadonlySet<string>>;
  /** All of these names. */
  readonly fields: ReadonlySet<string>;
  /** True when the log source also has events with EventIDs that the rule's own conditions exclude. */
  readonly narrowed: boolean;
}

/** All that is needed of a set of EventIDs. */
type EventIds = Pick<ReadonlySet<number>, 'has'>;

/** Events of the Security log whose fields Microsoft documents in full. */
const CLOSED_EVENTS: ReadonlySet<number> = new Set([4688]);

/** null when some events that the rule may match are not known in full. */
export const knownEvents = remembered((facts: RuleFacts): KnownEvents | null => {
  if (facts.sources.length === 0) return null;
  const { byEventId, complete } = facts.observed();
  if (byEventId.size === 0) return null;
  const asksForId = [...atomsOf(facts.formula)].some((atom) => atom.field === 'EventID');
  if (!complete && (!asksForId || canHoldElsewhere(facts, byEventId))) return null;
  const possible = asksForId ? [...byEventId].filter(([id]) => canHoldFor(facts, id)) : [...byEventId];
  if (possible.length === 0) return null;
  // Other logs are known from samples only, and newer versions of Windows add fields to their events.
  if (!complete && !facts.sources.every(isSysmon) && possible.some(([id]) => !CLOSED_EVENTS.has(id))) return null;
  return {
    byEventId: new Map(possible),
    fields: new Set(possible.flatMap(([, names]) => [...names])),
    narrowed: possible.length < byEventId.size || !complete,
  };
});

/** True when the rule may match an event whose EventID is not in `known`. */
export function canHoldElsewhere(facts: RuleFacts, known: EventIds): boolean {
  const formula = assume(facts.formula, (atom) => onOtherId(atom, known));
  return formula.kind === 'const' ? formula.value : !facts.prover.neverHolds(formula);
}

function onOtherId({ field, pattern }: Atom, known: EventIds): boolean | undefined {
  if (field !== 'EventID') return undefined;
  if (pattern.kind === 'null') return false;
  const text = pattern.kind === 'number' ? pattern.decimal : literalOf(pattern);
  // An EventID that is not in `known` may exist although nobody has recorded it yet.
  return text !== undefined && known.has(Number(text)) ? false : undefined;
}

/** Names of fields, in the order of their first use, each with the place. */
export function usedFields(facts: RuleFacts): ReadonlyMap<string, { readonly line: number; readonly column: number }> {
  const fields = new Map<string, { line: number; column: number }>();
  for (const atom of atomsOf(facts.formula)) {
    if (atom.field !== null && !fields.has(atom.field)) fields.set(atom.field, atom.item.span);
    if (atom.pattern.kind === 'fieldref' && !fields.has(atom.pattern.field)) fields.set(atom.pattern.field, atom.value.span);
  }
  return fields;
}

/** True when it is proven that the rule matches no event without the field. */
export function holdsOnlyWith(facts: RuleFacts, field: string): boolean {
  return neverHoldsOnAny(facts, (atom, event) => {
    if (atom.pattern.kind === 'fieldref' && atom.pattern.field === field) return false;
    return atom.field === field ? patternOn(atom.pattern, undefined) : onEventId(atom, event);
  });
}

/** True when it is proven that each kind of event lacks some field without which the rule does not match it. */
export function holdsOnNoEvent(facts: RuleFacts, { byEventId }: KnownEvents): boolean {
  return [...byEventId].every(([eventId, names]) => {
    const formula = assume(facts.formula, (atom) => {
      if (atom.field === 'EventID') return patternOn(atom.pattern, String(eventId));
      return atom.field !== null && !names.has(atom.field) ? patternOn(atom.pattern, undefined) : undefined;
    });
    return formula.kind === 'const' ? !formula.value : facts.prover.neverHolds(formula);
  });
}
