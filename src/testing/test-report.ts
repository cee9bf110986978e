/** What the formats of `winnow test` are given. */
import type { Coverage } from './coverage.ts';
import type { TestOutcome } from './run-tests.ts';

export interface TestReport {
  readonly outcomes: readonly TestOutcome[];
  readonly coverage: Coverage;
  readonly version: string;
  readonly colour: boolean;
  /** Also list the tests that passed, and each rule and selection without a test. */
  readonly verbose: boolean;
  readonly showCoverage: boolean;
  /** A path as CI servers want it: from the root of the repository. */
  readonly repositoryPath: (path: string) => string;
}

/** Each file in `formats/` exports one as `testFormat`; nothing else needs to be edited for a new one. */
export interface TestFormat {
  /** The name for `--format`, equal to the name of the file. */
  readonly name: string;
  /** The report in pieces; joined they are the whole output. */
  readonly render: (report: TestReport) => Iterable<string>;
}

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** Known false positives that still match. They are no tests, so they are not among `passed`. */
  readonly falsePositives: number;
}

export function testCounts(outcomes: readonly TestOutcome[]): TestCounts {
  const tests = outcomes.filter((one) => one.falsePositive === undefined);
  const passed = tests.filter((one) => one.passed).length;
  const falsePositives = outcomes.filter((one) => one.falsePositive === 'matches').length;
  return { passed, failed: tests.length - passed, falsePositives };
}

export function falsePositiveText(count: number): string {
  return count === 0 ? '' : `, ${count} known false ${count === 1 ? 'positive' : 'positives'}`;
}
