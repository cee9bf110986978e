// `npm test`: registries, build, then vitest; prints the plain closing line `N passed, N failed` last.
// Arguments go to vitest: `npm test -- test/rule`. With --both everything runs twice, the second time without acceleration.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
const args = process.argv.slice(2).filter((arg) => arg !== '--both');
const results = [runTests(args, {})];
if (process.argv.includes('--both')) results.push(runTests(args, { WINNOW_PLAIN: '1' }));
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`);
process.exit(results.find(({ status }) => status !== 0)?.status ?? (sum('failed') > 0 ? 1 : 0));
