/**
 * How long a test may take: so long that only one that hangs is ended. A test waits for what it waits for, on a machine
 * with other work as well; how fast something is, the benchmark tells (`bench/`).
 */
export const LIMITS = {
  testTimeout: 900_000,
  hookTimeout: 900_000,
  teardownTimeout: 120_000,
  expect: { poll: { timeout: 300_000, interval: 50 } },
} as const;
