// `npm test`: registries, build, then vitest; prints the plain closing line `N passed, N failed` last.
// Arguments go to vitest: `npm test -- test/rule`. With --both what acceleration could change runs a second time, without it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow, importersIn, reaching } from './imports.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

function run(command, args, env = {}) {
  const options = { stdio: 'inherit', shell: process.platform === 'win32', env: { ...process.env, ...env } };
  return spawnSync(command, args, options).status ?? 1;
}

/** Runs vitest once. A run without a report has failed. */
function runTests(args, env) {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-test-'));
  const report = join(folder, 'report.json');
  const status = run(
    'npx',
    ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    env,
  );
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that does not load has no failed test of its own.
    const failed = Math.max(numFailedTests, numFailedTestSuites > 0 && numFailedTests === 0 ? numFailedTestSuites : 0);
    return { status, passed: numPassedTests, failed: numPassedTests === 0 ? failed || 1 : failed, skipped: numPendingTests };
  } catch {
    return { status, passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// The tests run the built binary and its workers too.
if (run('npm', ['run', '--silent', 'build']) !== 0) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}
/** Tests of `src/accel` would go with it; the others are of verbs that read no log, though the registry of verbs imports those that do. */
const NOT_WITHOUT = /^test\/(?:accel|docs|lint|lsp|migrate|structure)\//;

/**
 * The test files for which `WINNOW_PLAIN` can make a difference. Only `src/thread.ts` reads it, so they are those that reach this file by
 * imports, and those that start what is built.
 */
function testsWithoutAcceleration(paths) {
  const startBuilt = filesBelow(join(ROOT, 'test')).filter((file) => /'dist'|\bdist\/cli\.js/.test(readFileSync(file, 'utf8')));
  const importers = importersIn([join(ROOT, 'src'), join(ROOT, 'test')]);
  return reaching([join(ROOT, 'src/thread.ts'), ...startBuilt], importers)
    .map((file) => relative(ROOT, file).replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.test.ts') && !NOT_WITHOUT.test(name))
    .filter((name) => paths.length === 0 || paths.some((path) => name.includes(path)));
}

/** More random inputs than usual are for the first run: it holds the fast way to the plain one with each of them. */
const USUAL_COUNTS = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(?:WINNOW|FUZZ)_/.test(name))
    .map((name) => [name, undefined]),
);

const args = process.argv.slice(2).filter((arg) => arg !== '--both');
const results = [runTests(args, {})];
if (process.argv.includes('--both')) {
  const options = args.filter((arg) => arg.startsWith('-'));
  const tests = testsWithoutAcceleration(args.filter((arg) => !arg.startsWith('-')));
  if (tests.length > 0) results.push(runTests([...options, ...tests], { ...USUAL_COUNTS, WINNOW_PLAIN: '1' }));
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`);
process.exit(results.find(({ status }) => status !== 0)?.status ?? (sum('failed') > 0 ? 1 : 0));
