import { outsideQuotes } from './outside-quotes.ts';

/** Default collations that are not called `…_general_ci` (manual, `SHOW CHARACTER SET`). That of utf8mb4 is the server's to choose. */
const DEFAULTS: Readonly<Record<string, string>> = {
  big5: 'big5_chinese_ci',
  binary: 'binary',
  cp932: 'cp932_japanese_ci',
  dec8: 'dec8_swedish_ci',
  eucjpms: 'eucjpms_japanese_ci',
  euckr: 'euckr_korean_ci',
  gb18030: 'gb18030_chinese_ci',
  gb2312: 'gb2312_chinese_ci',
  gbk: 'gbk_chinese_ci',
  hp8: 'hp8_english_ci',
  latin1: 'latin1_swedish_ci',
  latin5: 'latin5_turkish_ci',
  sjis: 'sjis_japanese_ci',
  swe7: 'swe7_swedish_ci',
  tis620: 'tis620_thai_ci',
  ujis: 'ujis_japanese_ci',
};

/**
 * A column with its collation alone. A collation has one character set, and a character set one default collation. MySQL writes
 * both for a column that was given both, only the collation for one that its table gave it, and only the character set for one
 * that a query made (seen in 9.7): both are what the others become in a restore.
 */
export function withCollation(column: string): string {
  return outsideQuotes(column, (sql) =>
    sql
      .replaceAll(/ CHARACTER SET \w+ COLLATE /g, ' COLLATE ')
      .replaceAll(/ CHARACTER SET (?!utf8mb4\b)(\w+)/g, (_, set: string) => ` COLLATE ${defaultOf(set)}`),
  );
}

function defaultOf(set: string): string {
  return DEFAULTS[set] ?? `${set}_general_ci`;
}
