/** The field names that the events of a rule's log source are known to have. */
import { atomsOf } from './logic/formula.ts';
import { patternOn } from './logic/pattern.ts';
import { neverHoldsOnAny, onEventId, type RuleFacts } from './rule-facts.ts';

/**
 * Every name that a rule may use, where the log source is known in full; null where it is not.
 */
export function knownFields(facts: RuleFacts): ReadonlySet<string> | null {
  if (facts.sources.length === 0) return null;
  const { byEventId, complete } = facts.observed();
  if (!complete || byEventId.size === 0) return null;
  const names = new Set<string>();
  for (const fields of byEventId.values()) for (const name of fields) names.add(name);
  return names;
}

/** Names of fields, in the order of their first use, each with the place. */
export function usedFields(facts: RuleFacts): ReadonlyMap<string, { readonly line: number; readonly column: number }> {
  const fields = new Map<string, { line: number; column: number }>();
  for (const atom of atomsOf(facts.formula)) {
    if (atom.field !== null && !fields.has(atom.field)) fields.set(atom.field, atom.item.span);
  }
  return fields;
}

/** Proves: the rule holds for no event that lacks the field. */
export function holdsOnlyWith(facts: RuleFacts, field: string): boolean {
  return neverHoldsOnAny(facts, (atom, event) =>
    atom.field === field ? patternOn(atom.pattern, undefined) : onEventId(atom, event),
  );
}
