import type { ContentObject, Explanation } from '../../content/content.ts';
import type { Between } from '../../engine.ts';

/** Properties of a database that a restore leaves as the target has them. */
const OF_TARGET = /^(?:owner|comment|connection limit|privileges|settings(?: of .*)?)$/s;

/** What of the server makes an object come back as another one: by rule, on the two whole texts. */
export function explain(
  was: ContentObject | undefined,
  is: ContentObject | undefined,
  _between: Between,
): Explanation | null {
  const { kind, name } = (was ?? is)!;
  if (kind === 'DATABASE') return OF_TARGET.test(name) ? 'kept-by-target' : null;
  return null;
}
