/**
 * Maps with up to `concurrency` calls under way, and yields the results in the order of the input. Pulls no more input
 * than that, so memory is bounded. On an error, or when the consumer leaves, the input is closed, and the calls under
 * way have ended when the iteration has.
 */
export async function* mapInOrder<In, Out>(
  input: AsyncIterable<In>,
  concurrency: number,
  map: (item: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const underWay: Promise<Out>[] = [];
  try {
    for await (const item of input) {
      const result = map(item);
      result.catch(() => {}); // Awaited below; a failure before that must not count as unhandled.
      underWay.push(result);
      if (underWay.length >= concurrency) yield await underWay.shift()!;
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    await Promise.allSettled(underWay);
  }
}
