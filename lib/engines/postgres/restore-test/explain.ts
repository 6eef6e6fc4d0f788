import type { ContentObject, Explanation } from '../../content/content.ts';
import type { Between, Side } from '../../engine.ts';
import { sameWithoutRoles } from './missing-roles.ts';
import { sameInOtherWords } from './versions.ts';

/** Properties of a database that a restore leaves as the target has them. */
const OF_TARGET = /^(?:owner|comment|connection limit|privileges|settings(?: of .*)?)$/s;

/**
 * What of the server makes an object come back as another one. By rule, on the two whole texts: they are the same once one
 * of them is written as the other server would, or without the roles that the load said were missing. What no rule covers
 * came back changed.
 */
export function explain(
  was: ContentObject | undefined,
  is: ContentObject | undefined,
  between: Between,
): Explanation | null {
  const either = was ?? is;
  if (!either) return null;
  const { kind, name } = either;
  if (kind === 'DATABASE') return OF_TARGET.test(name) ? 'kept-by-target' : null;
  // What is new, no server makes.
  if (!was) return null;
  const versions = { was: versionOf(between.was), is: versionOf(between.is) };
  if (is && sameInOtherWords(was, is, versions)) return 'server-version';
  return sameWithoutRoles(was, is, between.is.warnings) ? 'missing-role' : null;
}

function versionOf({ details }: Side): number {
  return Number(details['serverVersionNum']);
}
