import { endOfDump, startOfDump } from './end.ts';
import { cutSections } from './sections.ts';
import { topLevel } from './top-level.ts';

export interface DdlText {
  readonly preData: Buffer;
  /** Without pg_dump's end: see `endOfDump`. */
  readonly postData: Buffer;
}

/**
 * Makes of what pg_dump wrote the two parts of a dump's structure. All other bytes stay as they are, whatever their
 * encoding.
 *
 * @param key what pg_dump was given as --restrict-key; `keep` says whether its lines stay
 * @throws Error when `written` is not a whole dump
 */
export function ddlText(
  written: Uint8Array,
  options: { readonly key: string; readonly keep: boolean; readonly serverVersionNum: number },
): DdlText {
  const whole = Buffer.from(written.buffer, written.byteOffset, written.length).toString('latin1');
  const [start, end] = [startOfDump(options.key), endOfDump(options.key)];
  if (!whole.startsWith(start) || !whole.endsWith(end)) {
    throw new Error('What pg_dump wrote does not begin and end as a dump does.');
  }
  const body = whole.slice(start.length, -end.length);
  const text =
    startOfDump(options.keep ? options.key : undefined) + forOldServer(body, options.serverVersionNum);
  const escapes = /^SET standard_conforming_strings = off;$/m.test(text.slice(0, 2_000));
  const { preData, postData } = cutSections(withoutAttver(text, escapes), escapes);
  return { preData: Buffer.from(preData, 'latin1'), postData: Buffer.from(postData, 'latin1') };
}

/**
 * What an older server would stop at, though it means what that server does anyway: `transaction_timeout` came with
 * version 17, `run_as_owner` of subscriptions with 16.
 */
function forOldServer(text: string, serverVersionNum: number): string {
  if (serverVersionNum >= 170_000) return text;
  const untimed = text.replace('\nSET transaction_timeout = 0;\n', '\n');
  return serverVersionNum >= 160_000 ? untimed : untimed.replaceAll(RUN_AS_OWNER, '$1);\n');
}

const RUN_AS_OWNER = /^(CREATE SUBSCRIPTION .* WITH \(connect = false, .*), run_as_owner = true\);\n/gm;

const ATTRIBUTE_OPTIONS =
  /^(ALTER (?:FOREIGN )?TABLE ONLY [\s\S]+ ALTER COLUMN [\s\S]+ SET \()([^()]*\bpg_attver=[^()]*)(\);)$/;

/**
 * Some minor releases keep an option `pg_attver` of their own among those of a column (pg_attribute.attoptions). No
 * server takes it back, so it is left out; others of the column stay.
 */
export function withoutAttver(text: string, escapes: boolean): string {
  if (!text.includes('pg_attver=')) return text;
  let kept = '';
  let from = 0;
  for (const { kind, start, end } of topLevel(text, escapes)) {
    const found = kind === 'statement' ? ATTRIBUTE_OPTIONS.exec(text.slice(start, end)) : null;
    if (!found) continue;
    const options = found[2]!.split(', ').filter((option) => !option.startsWith('pg_attver='));
    kept += text.slice(from, start);
    if (options.length > 0) kept += `${found[1]}${options.join(', ')}${found[3]}`;
    // The line is the statement's alone.
    from = options.length === 0 && text[end] === '\n' ? end + 1 : end;
  }
  return kept + text.slice(from);
}
