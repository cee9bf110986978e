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
}

/** Each file in `formats/` exports one as `testFormat`; nothing else needs to be edited for a new one. */
export interface TestFormat {
  /** The name for `--format`, equal to the name of the file. */
  readonly name: string;
  /** The report in pieces; joined they are the whole output. */
  readonly render: (report: TestReport) => Iterable<string>;
}

export function testCounts(outcomes: readonly TestOutcome[]): { readonly passed: number; readonly failed: number } {
  const passed = outcomes.filter((one) => one.passed).length;
  return { passed, failed: outcomes.length - passed };
}
