import { refused } from '../../sql/script/refusals.ts';

/** What a dump sets for itself that changes how its text is read. */
export interface SessionSettings {
  /** Without punctuation, in capitals: `UTF8`. */
  readonly encoding: string;
  readonly standardStrings: boolean;
}

export const DEFAULT_SETTINGS: SessionSettings = { encoding: 'UTF8', standardStrings: true };

const SET =
  /^(?:SET\s+(?:SESSION\s+|LOCAL\s+)?|RESET\s+)(client_encoding|standard_conforming_strings)\s*(?:(?:=|\bTO\b)\s*)?([^;]*?)\s*;$/i;
const SET_NAMES = /^SET\s+(?:SESSION\s+|LOCAL\s+)?(NAMES)\s+([^;]*?)\s*;$/i;

/** Longest statement that could be one of these, bytes. */
const LONGEST = 200;

/** Encodings whose characters may hold the bytes of quotes and backslashes (manual, Table 24.3, "Server?" No). */
const UNSAFE =
  /^(?:BIG5|WIN950|GB18030|GBK|CP936|WIN936|JOHAB|SJIS|MSKANJI|SHIFTJIS|WIN932|SHIFTJIS2004|UHC|WIN949)$/;

/**
 * The settings after a statement.
 * @throws {CofreError} `RESTORE_REFUSED` for an encoding in which quotes cannot be told from letters.
 */
export function settingsAfter(statement: Buffer, line: number, before: SessionSettings): SessionSettings {
  // The bulk of a file does not begin like them.
  if (statement.length > LONGEST || (statement.readUInt8(0) | 0x20) < 0x72) return before;
  if (!/^(?:re)?set\s/i.test(statement.toString('latin1', 0, 8))) return before;
  const text = statement.toString('latin1');
  const [, name, quoted] = SET.exec(text) ?? SET_NAMES.exec(text) ?? [];
  if (name === undefined || quoted === undefined) return before;
  const value = quoted.replaceAll(/['"]/g, '');
  if (name.toLowerCase() === 'standard_conforming_strings') {
    return { ...before, standardStrings: !/^(?:off?|no?|f(?:alse)?|0)$/i.test(value) };
  }
  return { ...before, encoding: encodingOf(value, line) };
}

function encodingOf(value: string, line: number): string {
  const name = value.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  if (UNSAFE.test(name)) {
    throw refused(
      `Line ${line}: the dump is in the encoding ${name}, which Cofre does not read.`,
      'Make it again with pg_dump --encoding=UTF8.',
    );
  }
  return /^(?:|DEFAULT|UNICODE)$/.test(name) ? 'UTF8' : name;
}
