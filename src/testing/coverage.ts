/**
 * Measures coverage. In: rules and what their tests saw. Out: which rules have a test, and which of their selections held in
 * some test.
 */
import type { DetectionRule, SigmaRule } from '../model/rule.ts';
import { getOrInsert } from '../model/values/maps.ts';

export interface RuleCoverage {
  readonly title: string;
  readonly path: string;
  readonly tests: number;
  /** Selections that held in no test; empty for correlations. */
  readonly untested: readonly string[];
  readonly selections: number;
}

export interface Coverage {
  readonly rules: readonly RuleCoverage[];
  readonly rulesWithTest: number;
  readonly selections: number;
  readonly selectionsSeen: number;
}

export class CoverageRecorder {
  readonly #tests = new Map<SigmaRule, number>();
  readonly #open = new Map<SigmaRule, Set<string>>();

  /** The selections of a rule that have held in no test so far. Tests remove those that hold. */
  openSelections(rule: DetectionRule): Set<string> {
    return getOrInsert(this.#open, rule, () => new Set(Object.keys(rule.selections)));
  }

  tested(rule: SigmaRule): void {
    this.#tests.set(rule, (this.#tests.get(rule) ?? 0) + 1);
  }

  /** The coverage of the given rules, in their order. A rule that a tested correlation refers to counts as tested. */
  result(rules: readonly SigmaRule[]): Coverage {
    const covered = rules.map((rule): RuleCoverage => {
      const names = rule.kind === 'detection' ? Object.keys(rule.selections) : [];
      const open = this.#open.get(rule);
      return {
        title: rule.head.title,
        path: rule.head.path,
        tests: this.#tests.get(rule) ?? 0,
        untested: open === undefined ? names : [...open],
        selections: names.length,
      };
    });
    const selections = covered.reduce((sum, one) => sum + one.selections, 0);
    return {
      rules: covered,
      rulesWithTest: covered.filter((one) => one.tests > 0).length,
      selections,
      selectionsSeen: selections - covered.reduce((sum, one) => sum + one.untested.length, 0),
    };
  }
}
