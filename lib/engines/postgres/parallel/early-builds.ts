import { isSetting } from '../load/run-statements.ts';
import type { Statement } from '../script/items.ts';
import type { ScriptItem } from '../script/script.ts';
import { type Build, buildOf } from './build.ts';

/** What of the post-data can be done before all rows are there. */
export interface EarlyBuilds {
  /** Settings that the post-data begins with. */
  readonly settings: readonly Statement[];
  /** Plain indexes and keys that hold under these settings. */
  readonly builds: readonly Build[];
}

export async function readEarlyBuilds(postData: AsyncIterable<ScriptItem>): Promise<EarlyBuilds> {
  const settings: Statement[] = [];
  const builds: Build[] = [];
  let hasBegun = false;
  for await (const item of postData) {
    if (item.kind !== 'statement') break;
    if (isSetting(item)) {
      if (hasBegun) break;
      settings.push(item.keep());
      continue;
    }
    hasBegun = true;
    const build = buildOf(item);
    if (build?.isPlain) builds.push({ ...build, statement: item.keep() });
  }
  return { settings, builds };
}

/** The statements that are still to be run: each build was done once. */
export async function* withoutBuilt(
  postData: AsyncIterable<ScriptItem>,
  builds: readonly Build[],
): AsyncGenerator<ScriptItem> {
  const built = new Set(builds.map(({ statement }) => statement.bytes.toString('latin1')));
  for await (const item of postData) {
    if (item.kind !== 'statement' || !built.delete(item.bytes.toString('latin1'))) yield item;
  }
}
