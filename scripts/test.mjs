// `npm test`: registries, build, then vitest; prints the plain closing line `N passed, N failed` last.
// Arguments go to vitest: `npm test -- test/rule`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  return status ?? 1;
}

// The tests run the built binary and its workers too.
if (run('npm', ['run', '--silent', 'build']) !== 0) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'winnow-test-'));
const report = join(folder, 'report.json');
const status = run('npx', [
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
let closing = '0 passed, 1 failed';
let failed = 1;
try {
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
  // A file that does not load has no failed test of its own.
  failed = Math.max(numFailedTests, numFailedTestSuites > 0 && numFailedTests === 0 ? numFailedTestSuites : 0);
  closing = `${numPassedTests} passed, ${failed} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''}`;
  if (numPassedTests === 0) failed ||= 1;
} catch {
  // No report: vitest itself did not run.
}
rmSync(folder, { recursive: true, force: true });
console.log(closing);
process.exit(status || (failed > 0 ? 1 : 0));
