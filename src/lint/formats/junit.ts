/** JUnit XML: one suite for each file, one case for each rule document, which fails when a finding reaches the threshold. */
import { formatPlace } from '../../model/diagnostic.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import { htmlText as xmlText } from '../../report/sanitize.ts';
import type { LintFinding } from '../lint.ts';
import { type LintFormat, type LintReport, reaches } from '../lint-report.ts';

interface Case {
  readonly name: string;
  readonly findings: LintFinding[];
}

export const lintFormat: LintFormat = {
  name: 'junit',
  render,
};

function* render({ result, shown, failOn }: LintReport): Iterable<string> {
  const suites = new Map<string, Map<string, Case>>();
  for (const { path } of result.files) suites.set(path, new Map());
  for (const finding of shown) {
    const path = finding.place.file ?? '';
    const cases = getOrInsert(suites, path, () => new Map<string, Case>());
    const name = finding.title ?? path;
    const one = getOrInsert(cases, name, () => ({ name, findings: [] }));
    one.findings.push(finding);
  }
  const fails = (one: Case): boolean => failOn !== null && one.findings.some((finding) => reaches(finding.severity, failOn));
  const all = [...suites].map(([path, cases]) => ({
    path,
    cases: cases.size === 0 ? [{ name: path, findings: [] }] : [...cases.values()],
  }));
  const total = all.reduce((sum, { cases }) => sum + cases.length, 0);
  const failed = all.reduce((sum, { cases }) => sum + cases.filter(fails).length, 0);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="winnow lint" tests="${total}" failures="${failed}">\n`;
  for (const { path, cases } of all) {
    yield `  <testsuite name="${xmlText(path)}" tests="${cases.length}" failures="${cases.filter(fails).length}">\n`;
    for (const one of cases) yield* testCase(path, one, fails(one));
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

function* testCase(path: string, { name, findings }: Case, failed: boolean): Iterable<string> {
  const head = `    <testcase classname="${xmlText(path)}" name="${xmlText(name)}"`;
  if (findings.length === 0) {
    yield `${head}/>\n`;
    return;
  }
  const lines = findings.map(
    ({ place, severity, code, message, hint }) =>
      `${formatPlace(place)} ${severity} ${code}: ${message}${hint === undefined ? '' : ` ${hint}`}`,
  );
  const body = xmlText(lines.join('\n'));
  const inside = failed
    ? `<failure type="${xmlText(findings[0]!.code)}" message="${xmlText(findings[0]!.message)}">${body}</failure>`
    : `<system-out>${body}</system-out>`;
  yield `${head}>${inside}</testcase>\n`;
}
