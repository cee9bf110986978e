/** The tables about rules that compiled code needs to evaluate them. In: a plan. Out: words for the memory. */
import { type MatchPlan, PREDICATE } from '../../model/match-plan.ts';

/**
 * Addresses of the programs of a rule set; of the kinds, fields and references of its predicates; and of the marks, which say
 * for each predicate in which record it held last.
 */
export interface RuleTables {
  readonly programs: number;
  readonly kinds: number;
  readonly fields: number;
  readonly references: number;
  readonly marks: number;
}

/** Bytes of the tables for these rules. Kind, field and mark of a predicate take seven bytes. */
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
