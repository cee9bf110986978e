/**
 * Checks a file of tests and runs the tests. In: its text, and the rules of the workspace as they are in the editor. Out:
 * findings, one of them for each test that fails. Tests with logs are left to `winnow test`, because a log may be large.
 */
import { dirname, resolve } from 'node:path';
import { RulePool } from '../explain/rule-pool.ts';
import type { LintFinding } from '../lint/lint.ts';
import type { LintSource, SourceOptions } from '../lint/lint-source.ts';
import { parseTree, ruleTree } from '../sigma/rule/parse/parse-file.ts';
import { resolveFiles } from '../sigma/rule/parse-rules.ts';
import { besideOf, runTests } from '../testing/run-tests.ts';
import { parseTestFile, type TestFile } from '../testing/test-file.ts';

export async function testFindings(
  path: string,
  text: string,
  sources: Iterable<LintSource>,
  options: SourceOptions,
): Promise<readonly LintFinding[]> {
  const { file, diagnostics } = parseTestFile(text, path);
  if (file === null) return diagnostics;
  const inline: TestFile = { ...file, tests: file.tests.filter(({ logs }) => logs.length === 0) };
  const logSources = { custom: options.logSources };
  const { outcomes } = await runTests([inline], () => rulesFor(file, sources, options), [], { logSources });
  return outcomes.flatMap(({ passed, falsePositive, line, name, message, hint }): LintFinding[] => {
    const place = { file: path, line, column: columnOf(text, line) };
    if (falsePositive === 'gone')
      return [{ code: 'test/false-positive', severity: 'info', message: `"${name}" no longer matches: remove it.`, place }];
    return passed ? [] : [{ code: 'test/failed', severity: 'error', message: `"${name}": ${message}`, hint, place }];
  });
}

/** The rules of the named files and of files in the same folders, because correlations may refer to them. */
function rulesFor(file: TestFile, sources: Iterable<LintSource>, { values }: SourceOptions): RulePool {
  const named = new Set(file.rules.map((rule) => resolve(besideOf(file.path, rule))));
  const folders = new Set([...named].map((path) => dirname(path)));
  const own = new Map([...(values ?? []), ...file.values]);
  const near = [...sources].filter(({ file: { path } }) => folders.has(dirname(path)));
  // Where the test file has values for placeholders, the rules are parsed again with these.
  const parsed = near.map((one) =>
    file.values.size === 0 ? one.parsed : parseTree(ruleTree(one.file.text, one.file.path), own),
  );
  return new RulePool(resolveFiles(parsed));
}

/** The column of the first key of a test, behind the dash. */
function columnOf(text: string, line: number): number {
  const written = text.split('\n', line)[line - 1] ?? '';
  return /^[\s-]*/.exec(written)![0].length + 1;
}
