/** What the formats of `winnow lint` are given. */
import type { Severity } from '../model/diagnostic.ts';
import type { LintFinding, LintResult } from './lint.ts';

export interface LintReport {
  readonly result: LintResult;
  /** Findings at or above the severity that is shown. */
  readonly shown: readonly LintFinding[];
  /** The lowest severity that makes the run fail; null: none does. */
  readonly failOn: Severity | null;
  readonly version: string;
  readonly colour: boolean;
  /** How many corrections `--fix` has made. */
  readonly fixed: number;
  /** A path as CI servers want it: from the root of the repository. */
  readonly repositoryPath: (path: string) => string;
}

/** Each file in `formats/` exports one as `lintFormat`; nothing else needs to be edited for a new one. */
export interface LintFormat {
  /** The name for `--format`, equal to the name of the file. */
  readonly name: string;
  /** The report in pieces; joined they are the whole output. */
  readonly render: (report: LintReport) => Iterable<string>;
}

const RANK: Readonly<Record<Severity, number>> = { error: 2, warning: 1, info: 0 };

/** True when `severity` is at or above `threshold`. */
export function reaches(severity: Severity, threshold: Severity): boolean {
  return RANK[severity] >= RANK[threshold];
}

export interface SeverityCounts {
  readonly error: number;
  readonly warning: number;
  readonly info: number;
}

export function countSeverities(findings: readonly LintFinding[]): SeverityCounts {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}
