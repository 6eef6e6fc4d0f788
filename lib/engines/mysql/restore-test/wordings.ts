import { outsideQuotes } from './outside-quotes.ts';

/** How another version of the same server writes what is the same; on what is in no quotes. */
interface Wording {
  readonly pattern: RegExp;
  readonly instead: string;
}

/** MySQL 8.0.28 to 8.0.30, MariaDB 10.6: character sets and collations have their full name (release notes). */
const FULL_NAMES: Wording = {
  pattern: /(\b_|\b(?:CHARSET|CHARACTER SET|COLLATE)[ =])utf8(?=_|\b)/gi,
  instead: '$1utf8mb3',
};

const WORDINGS: Readonly<Record<string, readonly Wording[]>> = {
  mysql: [
    FULL_NAMES,
    // 8.0.19: integers are shown without a width, but for tinyint(1) and with ZEROFILL; so is YEAR (release notes).
    { pattern: /\b((?:small|medium|big)?int|year)\(\d+\)(?! (?:unsigned )?zerofill)/g, instead: '$1' },
    { pattern: /\btinyint\((?!1\))\d+\)(?! (?:unsigned )?zerofill)/g, instead: 'tinyint' },
  ],
  mariadb: [
    FULL_NAMES,
    // 11.8 puts numbers of an engine's options into quotes: `PAGE_COMPRESSED`='1' (seen).
    { pattern: /^=(\d+)(?=\s|$)/g, instead: "='$1'" },
  ],
};

/** A definition in the words of one version, of `mysql` or `mariadb`. */
export function canonical(text: string, flavor: unknown): string {
  const wordings = WORDINGS[String(flavor)] ?? [];
  const rewrite = (sql: string) =>
    wordings.reduce((all, { pattern, instead }) => all.replaceAll(pattern, instead), sql);
  const reworded = outsideQuotes(text, rewrite);
  return flavor === 'mariadb' ? reworded.split('\n').map(invisibleLast).join('\n') : reworded;
}

/** 11.8 has `DEFAULT 5 INVISIBLE` where 10.11 had `INVISIBLE DEFAULT 5` (seen). */
function invisibleLast(line: string): string {
  if (!line.startsWith('  `')) return line;
  const visible = outsideQuotes(line, (sql) => sql.replace(/ INVISIBLE\b/, ''));
  return visible === line ? line : visible.replace(/,?$/, ' INVISIBLE$&');
}
