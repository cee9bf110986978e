import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { WINNOW_VERSION: '"0.0.0-test"', WINNOW_BUILD: '"test"' },
  test: {
    include: ['test/**/*.test.ts'],
    // Registries are found anew, so that a new file is seen and a fresh clone needs nothing before.
    globalSetup: ['test/support/generate.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
