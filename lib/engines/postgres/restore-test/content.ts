import { type ContentBuilder, contentBuilder } from '../../content/builder.ts';
import type { Content } from '../../content/content.ts';
import type { ContentSource, EngineContext, RawFrame } from '../../engine.ts';
import { untilAborted } from '../../until-aborted.ts';
import { decodeLossless } from '../script/lossless.ts';
import { byName, columnsIn, movable } from './column-order.ts';
import { addCopy, headerOf } from './copy-rows.ts';
import { databaseObjects } from './database-objects.ts';
import { type Entry, entriesOf } from './entries.ts';
import { addLoose } from './loose.ts';
import { settled } from './settled.ts';

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
  const preData: Buffer[] = [];
  const postData: Buffer[] = [];
  let structure: Structure | undefined;
  for await (const frame of untilAborted<RawFrame>(frames, signal)) {
    const { section, table, bytes } = frame;
    // A frame's bytes are not ours any more once it is released.
    if (section === 'pre-data') preData.push(Buffer.from(bytes));
    else if (section === 'post-data') postData.push(Buffer.from(bytes));
    else if (table !== undefined) {
      structure ??= readStructure(preData);
      addRows(bytes, table, structure, builder);
    } else addLoose(bytes, builder);
    frame.release?.();
  }
  addStructure(structure ?? readStructure(preData), postData, builder);
  for (const object of databaseObjects(details())) builder.object(object);
  return builder.result();
}

/** What stands before the rows. */
interface Structure {
  readonly entries: readonly Entry[];
  /** As in `topLevel`. */
  readonly escapes: boolean;
  readonly movable: ReturnType<typeof movable>;
  /** Of tables that inherit, by name. */
  readonly columns: Map<string, readonly string[]>;
}

function readStructure(preData: readonly Buffer[]): Structure {
  const text = Buffer.concat(preData).toString('latin1');
  const escapes = /^SET standard_conforming_strings = off;$/m.test(text.slice(0, 2_000));
  const entries = entriesOf(text, escapes);
  return { entries, escapes, movable: movable(entries), columns: new Map() };
}

/** The order of columns is told once a table, not as a change of all of its rows. */
function addRows(frame: Uint8Array, table: string, structure: Structure, builder: ContentBuilder): void {
  const { inheriting, roots } = structure.movable;
  const rows = builder.sum('ROWS', table);
  const moves = inheriting.has(table) || roots.has(table);
  const columns = moves ? columnsIn(headerOf(frame)) : [];
  if (inheriting.has(table)) structure.columns.set(table, columns);
  addCopy(frame, table, byName(rows, columns));
}

/** What may hold a password: where something is reached, and how to get in there (manual, "CREATE SERVER" and others). */
const SECRET = new Set(['FOREIGN DATA WRAPPER', 'SERVER', 'SUBSCRIPTION', 'USER MAPPING']);

/** In an order of their own: pg_dump's also depends on numbers that the server gave out. */
function addStructure(before: Structure, postData: readonly Buffer[], builder: ContentBuilder): void {
  const after = entriesOf(Buffer.concat(postData).toString('latin1'), before.escapes);
  const entries = [...before.entries, ...after];
  for (const { kind, name, text } of entries.toSorted((a, b) => (a.text < b.text ? -1 : 1))) {
    const secret = SECRET.has(kind) ? { secret: true } : {};
    builder.object({ kind, name: decoded(name), text: settled(decoded(text)), ...secret });
  }
  for (const [name, columns] of before.columns) {
    builder.object({ kind: 'COLUMN ORDER', name, text: columns.join(', ') });
  }
}

function decoded(latin1: string): string {
  return decodeLossless(Buffer.from(latin1, 'latin1'));
}
