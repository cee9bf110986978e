import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { WINNOW_VERSION: '"0.0.0-test"', WINNOW_BUILD: '"test"' },
  test: {
    include: ['test/**/*.test.ts'],
    // Registries are found anew, so that a new file is seen and a fresh clone needs nothing before.
    globalSetup: ['test/support/generate.ts'],
    // Tests keep no secret in the home of who runs them.
    env: { XDG_STATE_HOME: fileURLToPath(new URL('node_modules/.cache/winnow-test-state', import.meta.url)) },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
