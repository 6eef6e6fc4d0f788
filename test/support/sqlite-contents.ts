import { compare } from '../../lib/engines/content/compare.ts';
import type { Content, Difference } from '../../lib/engines/content/content.ts';
import { contextOf, inputOf, replay, type Taken, take } from '../contracts/engine/harness.ts';
import { urlOf, withDatabase } from './sqlite.ts';
import { engine } from './sqlite-engine.ts';

export const capability = engine.restoreTest!;

export async function contentOf({ frames, summary }: Taken): Promise<Content> {
  return await capability.content({ frames: replay(frames), details: () => summary.details }, contextOf());
}

/** What a restore of `taken` to `path` has changed. */
export async function differencesAt(path: string, taken: Taken): Promise<Difference[]> {
  return compare(await contentOf(taken), await contentOf(await take(engine, urlOf(path))), () => null);
}

/** A restore test as the verb makes it, of a backup that is changed by `plant` between restore and comparison. */
export async function restoreTest(taken: Taken, plant = ''): Promise<Difference[]> {
  const scratch = await capability.openScratch('sqlite:any', inputOf(taken).expected!, contextOf());
  try {
    await engine.load(scratch.url, inputOf(taken), contextOf(), { inert: true });
    const path = scratch.url.slice('sqlite:'.length);
    if (plant) withDatabase(path, (it) => it.enableDefensive(false) ?? it.exec(plant));
    return await differencesAt(path, taken);
  } finally {
    await scratch.drop();
  }
}

/** Of each difference kind, object and both sides, for a comparison in a test. */
export function told(differences: readonly Difference[]): string[] {
  const side = (it: Difference['was']) =>
    it !== null && typeof it === 'object' ? `${it.rows} rows` : String(it);
  return differences.map(({ kind, object, was, is }) => `${kind} ${object}: ${side(was)} | ${side(is)}`);
}
