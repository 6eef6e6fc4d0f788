import { CofreError } from './errors.ts';

/** What came of a source that was taken to its end. */
export interface Whole<Taken, End> {
  readonly taken: Taken;
  /** What the source returned. */
  readonly end: End;
}

/**
 * Hands what `source` yields to `take`, and tells what both return. What a source says of itself at its end cannot be
 * asked for before that, nor in place of it.
 * @throws {CofreError} `INTERNAL` when `take` has ended before the source
 */
export async function takeWhole<T, End, Taken>(
  source: AsyncGenerator<T, End, void>,
  take: (items: AsyncGenerator<T, void, void>) => Promise<Taken>,
): Promise<Whole<Taken, End>> {
  const ends: End[] = [];
  async function* passedOn(): AsyncGenerator<T, void, void> {
    ends.push(yield* source);
  }
  const taken = await take(passedOn());
  for (const end of ends) return { taken, end };
  throw new CofreError('INTERNAL', 'What was to be taken whole was left before its end, which cannot be.', {
    hint: 'This is a fault of Cofre: please report it, with this message.',
  });
}
