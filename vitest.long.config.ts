import { defineConfig } from 'vitest/config';
import { COMPILE_CACHE } from './test/support/compile-cache.ts';
import { LIMITS } from './test/support/limits.ts';

/** What takes too long for every run, and more moments of what dies: `npm run test:long`. */
export default defineConfig({
  test: {
    include: [
      'test/long/**/*.test.ts',
      'test/resilience/**/*.test.ts',
      // Fewer moments of these in every run: see `someOf`.
      'test/lib/engines/*/contract-*.test.ts',
      'test/lib/store/directory-kills.test.ts',
    ],
    pool: 'forks',
    env: { ...COMPILE_CACHE, COFRE_MOMENTS: '25' },
    maxWorkers: 2,
    ...LIMITS,
    testTimeout: 3_600_000,
  },
});
