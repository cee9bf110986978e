import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/${name.replaceAll('\\', '/')}`);
/**
 * Test files share one process, because loading the program costs more than most of them. Files of these folders get one each: they
 * allocate much, which takes three times as long beside what other files keep, or fill the memory that a thread has once.
 */
const BUSY = /^test\/(?:accel|engine|evidence|findings|fuzz|logs|scan)\//;
/** So do those that replace modules: these must be loaded anew. */
const alone = tests.filter((path) => BUSY.test(path) || /\bvi\.mock\(/.test(readFileSync(join(root, path), 'utf8')));

export default defineConfig({
  define: { WINNOW_VERSION: '"0.0.0-test"', WINNOW_BUILD: '"test"' },
  test: {
    // Registries are found anew, so that a new file is seen and a fresh clone needs nothing before.
    globalSetup: ['test/support/generate.ts'],
    // Tests keep no secret in the home of who runs them.
    env: { XDG_STATE_HOME: fileURLToPath(new URL('node_modules/.cache/winnow-test-state', import.meta.url)) },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
