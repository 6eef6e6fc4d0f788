import { withoutAttver } from './attver.ts';
import { endOfDump, startOfDump } from './end.ts';
import { forOldServer } from './old-servers.ts';
import { cutSections } from './sections.ts';

export interface DdlText {
  readonly preData: Buffer;
  /** Without pg_dump's end: see `endOfDump`. */
  readonly postData: Buffer;
}

/** In pg_dump's opening comment; the rest of a line that is the first one of its kind. */
const DUMPED_FROM = /^(-- Dumped from database version ).*$/m;

/**
 * Makes of what pg_dump wrote the two parts of a dump's structure. All other bytes stay as they are, whatever their
 * encoding.
 *
 * @param key what pg_dump was given as --restrict-key; `keep` says whether its lines stay
 * @throws Error when `written` is not a whole dump
 */
export function ddlText(
  written: Uint8Array,
  options: {
    readonly key: string;
    readonly keep: boolean;
    /** The server's own: pg_dump may have been told another one. */
    readonly version: string;
    readonly serverVersionNum: number;
  },
): DdlText {
  const whole = Buffer.from(written.buffer, written.byteOffset, written.length).toString('latin1');
  const [start, end] = [startOfDump(options.key), endOfDump(options.key)];
  if (!whole.startsWith(start) || !whole.endsWith(end)) {
    throw new Error('What pg_dump wrote does not begin and end as a dump does.');
  }
  const body = whole.slice(start.length, -end.length);
  const escapes = /^SET standard_conforming_strings = off;$/m.test(body.slice(0, 2_000));
  const named = body.replace(DUMPED_FROM, (_, words: string) => `${words}${options.version}`);
  const known = forOldServer(withoutAttver(named, escapes), escapes, options.serverVersionNum);
  const text = startOfDump(options.keep ? options.key : undefined) + known;
  const { preData, postData } = cutSections(text, escapes);
  return { preData: Buffer.from(preData, 'latin1'), postData: Buffer.from(postData, 'latin1') };
}
