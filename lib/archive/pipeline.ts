/** Bounds what is under way by its size as well. */
export interface Weight<In> {
  readonly limit: number;
  /** One item may exceed the limit, and is then the last to be begun until it has ended. */
  readonly of: (item: In) => number;
}

const NO_WEIGHT = { limit: 1, of: () => 0 };

/**
 * Maps with up to `concurrency` calls under way, and yields the results in the order of the input. Pulls no more input
 * than that, so memory is bounded. On an error, or when the consumer leaves, the input is closed, and the calls under
 * way have ended when the iteration has.
 */
export async function* mapInOrder<In, Out>(
  input: AsyncIterable<In>,
  concurrency: number,
  map: (item: In) => Promise<Out>,
  weight: Weight<In> = NO_WEIGHT,
): AsyncGenerator<Out> {
  const underWay: { readonly result: Promise<Out>; readonly size: number }[] = [];
  let total = 0;
  async function* results(areDue: () => boolean): AsyncGenerator<Out> {
    for (let [first] = underWay; first && areDue(); [first] = underWay) {
      underWay.shift();
      total -= first.size;
      yield await first.result;
    }
  }
  try {
    for await (const item of input) {
      const [result, size] = [map(item), weight.of(item)];
      result.catch(() => {}); // Awaited below; a failure before that must not count as unhandled.
      underWay.push({ result, size });
      total += size;
      yield* results(() => underWay.length >= concurrency || total >= weight.limit);
    }
    yield* results(() => true);
  } finally {
    await Promise.allSettled(underWay.map(({ result }) => result));
  }
}
