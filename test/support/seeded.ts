/** Random numbers that can be had again: a failure is repeated with COFRE_SEED set to the printed seed. */
export interface Random {
  readonly seed: number;
  /** From 0 up to, but not including, 1. */
  next(): number;
  /** A whole number from `low` up to, but not including, `high`. */
  int(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
}

export function seededRandom(what: string): Random {
  const seed = Number(process.env['COFRE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`${what}: COFRE_SEED=${seed}`);
  let state = seed >>> 0;
  // mulberry32, by Tommy Ettinger: small, and even enough to choose moments and bytes.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low));
  return { seed, next, int, pick: (items) => items[int(0, items.length)]! };
}
