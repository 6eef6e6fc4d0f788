import type { ContentBuilder } from '../../content/builder.ts';
import { topLevel } from '../pg-dump/top-level.ts';
import { decodeLossless } from '../script/lossless.ts';

const PIECE = Buffer.from('SELECT pg_catalog.lo_put(');
const NEWLINE = 0x0a;
const SEQUENCE = /^SELECT pg_catalog\.setval\('((?:[^']|'')*)'/;
/** Characters of a statement of another kind that name it. */
const NAMED_BY = 60;

/** Adds what a frame says that is of no table: values of sequences, or pieces of large objects, one a line. */
export function addLoose(frame: Uint8Array, builder: ContentBuilder): void {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  if (bytes.subarray(0, PIECE.length).equals(PIECE)) addPieces(bytes, builder);
  else addStatements(bytes, builder);
}

/** Pieces are cut at the same places in every dump, so their statements are the same for the same object. */
function addPieces(bytes: Buffer, builder: ContentBuilder): void {
  const sum = builder.sum('LARGE OBJECTS', 'all');
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline;
    if (end > at) sum.add(bytes.subarray(at, end));
    at = end + 1;
  }
}

/** Dumps have `standard_conforming_strings` on. */
function addStatements(bytes: Buffer, builder: ContentBuilder): void {
  const latin1 = bytes.toString('latin1');
  for (const { kind, start, end } of topLevel(latin1, false)) {
    if (kind !== 'statement') continue;
    const text = decodeLossless(bytes.subarray(start, end));
    const [, sequence] = SEQUENCE.exec(text) ?? [];
    const name = sequence?.replaceAll("''", "'");
    if (name === undefined) builder.object({ kind: 'STATEMENT', name: text.slice(0, NAMED_BY), text });
    else builder.object({ kind: 'SEQUENCE SET', name, text });
  }
}
