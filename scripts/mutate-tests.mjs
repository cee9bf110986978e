// Started by mutate.mjs in a copy of the project. Keeps one vitest, because starting it costs more than most tests. What comes in:
// `{ tests, changed }`, test files to run and the files that have changed. What goes out: `{ verdict: 'passed' | 'failed', why }`. A test
// that takes too long is ended from outside, with this process.
import { createVitest } from 'vitest/node';

const vitest = await createVitest('test', { watch: false, bail: 1, reporters: [{}] });

process.on('message', async ({ tests, changed }) => {
  for (const path of changed) vitest.invalidateFile(path);
  // A failure of an earlier run would end this one at once, and be counted again.
  for (const known of [vitest.state.filesMap, vitest.state.idMap, vitest.state.errorsSet]) known.clear();
  const specifications = await vitest.globTestSpecifications(tests);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  const failed = testModules.filter((one) => !one.ok());
  const faults = failed.flatMap((one) =>
    [...one.children.allTests('failed')].map((test) => `${test.fullName}: ${test.result().errors?.[0]?.message}`),
  );
  const errors = [...failed.flatMap((one) => one.errors()), ...unhandledErrors].map(({ message }) => message);
  // After the first failure the other files do not run.
  const passed = testModules.length === specifications.length && failed.length === 0 && errors.length === 0;
  process.send({
    verdict: passed ? 'passed' : 'failed',
    why: ([...faults, ...errors][0] ?? 'tests that did not run').split('\n')[0],
  });
});
process.on('disconnect', () => process.exit());
process.send({ verdict: 'ready' });
