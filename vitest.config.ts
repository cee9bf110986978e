import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/${name.replaceAll('\\', '/')}`);
/** Files that replace modules get a process each, because the program must be loaded anew for them, and those that fill up or measure what a process has once. */
const ALONE = /^test\/(?:accel|fuzz|scan\/pauses)/;
const alone = tests.filter((path) => ALONE.test(path) || /\bvi\.mock\(/.test(readFileSync(join(root, path), 'utf8')));
/**
 * The others share two processes, because loading the program takes longer than most of them. What allocates much has one for itself: it
 * would take three times as long beside what other files keep.
 */
const BUSY = ['engine', 'evidence', 'findings', 'logs', 'scan'].map((name) => `test/${name}/**/*.test.ts`);

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
      { extends: true, test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: [...BUSY, ...alone], isolate: false } },
      { extends: true, test: { name: 'busy', include: BUSY, exclude: alone, isolate: false } },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
