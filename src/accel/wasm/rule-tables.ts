/** What evaluating rules in compiled code needs of them. */
import { type MatchPlan, PREDICATE } from '../../model/match-plan.ts';

/**
 * Addresses of a rule set's programs, of kinds, fields and references of its predicates, and of the turns in which these
 * held.
 */
export interface RuleTables {
  readonly programs: number;
  readonly kinds: number;
  readonly fields: number;
  readonly references: number;
  readonly marks: number;
}

/** What the tables of these rules take: seven bytes for kind, field and mark of a predicate. */
export function bytesOf({ program, kind }: MatchPlan): number {
  return 4 * program.length + 8 * kind.length;
}

/**
 * Comparisons of a field with another for equality: how many, then of each the predicate, the other field, and whether case
 * counts.
 */
export function referencesOf({ kind, pattern, patterns, fields }: MatchPlan): readonly number[] {
  const words: number[] = [];
  kind.forEach((one, predicate) => {
    if (one !== PREDICATE.fieldref) return;
    const reference = patterns[pattern[predicate]!]!;
    if (reference.kind !== 'fieldref' || reference.mode !== 'equals') return;
    words.push(predicate, fields.indexOf(reference.field), reference.cased ? 1 : 0);
  });
  return [words.length / 3, ...words];
}
