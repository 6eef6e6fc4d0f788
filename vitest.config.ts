import { defineConfig } from 'vitest/config';
import { COMPILE_CACHE } from './test/support/compile-cache.ts';
import { LIMITS } from './test/support/limits.ts';
import { LongestFirst } from './test/support/longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/long/**'],
    pool: 'forks',
    env: COMPILE_CACHE,
    globalSetup: 'test/support/install-ahead.ts',
    sequence: { sequencer: LongestFirst },
    // Half of a test's time is spent waiting for servers, disks and clocks: four at a time even on two cores.
    maxWorkers: 4,
    ...LIMITS,
  },
});
