import { type ContentBuilder, contentBuilder } from '../../content/builder.ts';
import type { Content } from '../../content/content.ts';
import type { ContentSource, EngineContext, RawFrame } from '../../engine.ts';
import { untilAborted } from '../../until-aborted.ts';
import { decodeLossless } from '../sql/lossless.ts';
import { addCopy } from './copy-rows.ts';
import { databaseObjects } from './database-objects.ts';
import { entriesOf } from './entries.ts';
import { addLoose } from './loose.ts';

/**
 * What is in a dump of Cofre: an object for each entry of pg_dump's table of contents, a sum of rows for each table, and
 * what belongs to the database as a whole. Reads the dump alone, no server. Memory: the structure, some three times.
 * @throws {CofreError} `BACKUP_DAMAGED`; the signal's reason
 */
export async function content(
  { frames, details }: ContentSource,
  { signal }: EngineContext,
): Promise<Content> {
  const builder = contentBuilder();
  const structure: Record<'pre-data' | 'post-data', Buffer[]> = { 'pre-data': [], 'post-data': [] };
  for await (const frame of untilAborted<RawFrame>(frames, signal)) {
    const { section, table, bytes } = frame;
    // A frame's bytes are not ours any more once it is released.
    if (section !== 'data') structure[section].push(Buffer.from(bytes));
    else if (table !== undefined) addCopy(bytes, table, builder.sum('ROWS', table));
    else addLoose(bytes, builder);
    frame.release?.();
  }
  addStructure(Buffer.concat(structure['pre-data']), Buffer.concat(structure['post-data']), builder);
  for (const object of databaseObjects(details())) builder.object(object);
  return builder.result();
}

/** What may hold a password: where something is reached, and how to get in there (manual, "CREATE SERVER" and others). */
const SECRET = new Set(['FOREIGN DATA WRAPPER', 'SERVER', 'SUBSCRIPTION', 'USER MAPPING']);

/** In an order of their own: pg_dump's also depends on numbers that the server gave out. */
function addStructure(preData: Buffer, postData: Buffer, builder: ContentBuilder): void {
  const texts = [preData.toString('latin1'), postData.toString('latin1')] as const;
  const escapes = /^SET standard_conforming_strings = off;$/m.test(texts[0].slice(0, 2_000));
  const entries = texts.flatMap((text) => entriesOf(text, escapes));
  for (const { kind, name, text } of entries.toSorted((a, b) => (a.text < b.text ? -1 : 1))) {
    const secret = SECRET.has(kind) ? { secret: true } : {};
    builder.object({ kind, name: decoded(name), text: decoded(text), ...secret });
  }
}

function decoded(latin1: string): string {
  return decodeLossless(Buffer.from(latin1, 'latin1'));
}
