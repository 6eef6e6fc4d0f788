/** An error that is not of our database, whatever it looks like: a store's lost connection, a lost lease. */
class PassedOn extends Error {
  readonly error: unknown;

  constructor(error: unknown) {
    super('An error of somebody else', { cause: error });
    this.error = error;
  }
}

/** The same items; an error of theirs is marked, so that nobody on its way takes it for the database's. */
export async function* passingOn<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    throw new PassedOn(error);
  }
}

/** The same for one call. */
export async function passedOn<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new PassedOn(error);
  }
}

/** Gives marked errors back as they were. */
export async function unwrapping<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PassedOn ? error.error : error;
  }
}
