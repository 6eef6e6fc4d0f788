import type { ContentObject, Explanation } from '../../content/content.ts';
import type { Between } from '../../engine.ts';
import { isLeftToUser } from '../load/notes.ts';
import { canonical } from './wordings.ts';

/** `CREATE DEFINER=`user`@`host` …`, or a role of MariaDB. */
const DEFINER =
  /^(CREATE (?:OR REPLACE )?(?:ALGORITHM=\w+ )?)DEFINER=`((?:[^`]|``)*)`(?:@`((?:[^`]|``)*)`)? /m;

/**
 * - `definer`: the load has left to its user what belongs to somebody else in the backup, and has said so; nothing
 *   else differs.
 * - `server-version`: both are of the same system, in different versions, and the texts are equal once each is
 *   written as one of `wordings.ts` says.
 */
export function explain(
  was: ContentObject | undefined,
  is: ContentObject | undefined,
  between: Between,
): Explanation | null {
  if (!was || !is) return null;
  const mayReword = isOtherVersion(between);
  const reworded = (text: string) => (mayReword ? canonical(text, flavorOf(between)) : text);
  if (mayReword && reworded(was.text) === reworded(is.text)) return 'server-version';
  const owned = DEFINER.exec(was.text);
  if (!owned || !between.is.warnings.some((text) => isLeftToUser(text, nameOf(owned)))) return null;
  const withoutOwner = (text: string) => reworded(text.replace(DEFINER, '$1'));
  return withoutOwner(was.text) === withoutOwner(is.text) ? 'definer' : null;
}

function nameOf([, , user, host]: RegExpExecArray): string {
  return [user, host]
    .filter((part) => part !== undefined)
    .map((part) => part.replaceAll('``', '`'))
    .join('@');
}

function flavorOf({ was }: Between): unknown {
  return was.details['flavor'];
}

function isOtherVersion({ was, is }: Between): boolean {
  return was.details['flavor'] === is.details['flavor'] && was.version !== is.version;
}
