// HOT: tests run once for every distinct value that may satisfy them.
/**
 * Predicates that are more than a literal, as functions of one value. A function is made on first use, because most are never
 * needed.
 */
import { InternalError } from '../../../model/errors.ts';
import type { MatchPlan } from '../../../model/match-plan.ts';
import type { Pattern } from '../../../model/rule.ts';
import { compileTest } from '../../../sigma/modifiers/modifiers.ts';
import { foldParts } from '../../../sigma/modifiers/support/text-parts.ts';
import { RegexLimitError } from '../../../sigma/regex/lazy-dfa.ts';
import { compileRegex } from '../../../sigma/regex/regex.ts';
import { compileGlob } from './glob.ts';

type ValueTest = (value: string, folded: string) => boolean;

function makeTest(pattern: Pattern): ValueTest {
  switch (pattern.kind) {
    case 'text': {
      if (pattern.cased) return compileGlob(pattern.parts);
      const glob = compileGlob(foldParts(pattern.parts));
      return (_, folded) => glob(folded);
    }
    case 'regex': {
      const regex = compileRegex(pattern.source, pattern.flags);
      return (value) => regex.test(value);
    }
    case 'test':
      return compileTest(pattern);
    default:
      throw new InternalError(`a ${pattern.kind} pattern is not a test of one value`);
  }
}

export class ValueTests {
  readonly #plan: MatchPlan;
  readonly #tests: (ValueTest | undefined)[] = [];
  /**
   * Receives predicates that could not be decided; these then count as not satisfied. Null: the error is thrown instead
   * (RegexLimitError).
   */
  undecided: Set<number> | null = null;

  constructor(plan: MatchPlan) {
    this.#plan = plan;
  }

  /** Runs the test of predicate `predicate`. */
  readonly run = (predicate: number, value: string, folded: string): boolean => {
    const number = this.#plan.pattern[predicate]!;
    let test = this.#tests[number];
    if (test === undefined) {
      test = makeTest(this.#plan.patterns[number]!);
      this.#tests[number] = test;
    }
    if (this.undecided === null) return test(value, folded);
    try {
      return test(value, folded);
    } catch (error) {
      if (!(error instanceof RegexLimitError)) throw error;
      this.undecided.add(predicate);
      return false;
    }
  };
}
