import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/${name.replaceAll('\\', '/')}`);
/**
 * Test files share one process, because loading the program takes longer than most of them. Files of these folders get one each. Some
 * allocate much memory, which takes three times as long beside what other files keep; some fill memory of which a thread has only one.
 */
const BUSY = /^test\/(?:accel|engine|evidence|findings|fuzz|logs|scan)\//;
/** Files that replace modules get one each as well, because the program must be loaded anew for them. */
const alone = tests.filter((path) => BUSY.test(path) || /\bvi\.mock\(/.test(readFileSync(join(root, path), 'utf8')));

export default defineConfig({
  define: { WINNOW_VERSION: '"0.0.0-test"', WINNOW_BUILD: '"test"' },
  test: {
    // Registries are found anew, so that a new file is seen and a fresh clone needs nothing before.
    globalSetup: ['test/support/generate.ts'],
    // So that tests leave no secret in the home folder of the user who runs them.
    env: { XDG_STATE_HOME: fileURLToPath(new URL('node_modules/.cache/winnow-test-state', import.meta.url)) },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
