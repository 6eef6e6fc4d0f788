import { contentBuilder } from '../../content/builder.ts';
import type { Content } from '../../content/content.ts';
import type { ContentSource, EngineContext } from '../../engine.ts';
import { untilAborted } from '../../until-aborted.ts';
import { isOfRows } from '../load/batch.ts';
import { definitionReader } from './definitions.ts';
import { rowReader } from './rows.ts';

/**
 * What is in a dump of Cofre's, by its text alone. Rows are taken as they are written, definitions object by object.
 * @throws {CofreError} `BACKUP_DAMAGED` for a dump that is cut, or holds something else; the signal's reason
 */
export async function content({ frames }: ContentSource, { signal }: EngineContext): Promise<Content> {
  const builder = contentBuilder();
  const definitions = definitionReader(builder);
  const rows = rowReader(builder);
  for await (const frame of untilAborted(frames, signal)) {
    if (isOfRows(frame)) rows.take(frame);
    else definitions.push(frame.bytes);
    frame.release?.();
  }
  definitions.end();
  return builder.result();
}
