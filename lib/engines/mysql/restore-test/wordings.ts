import { outsideQuotes } from './outside-quotes.ts';

/** How another version of the same server writes what is the same. */
interface Wording {
  readonly pattern: RegExp;
  readonly instead: string;
}

const WORDINGS: Readonly<Record<string, readonly Wording[]>> = {
  mysql: [
    // 8.0.28 to 8.0.30 gave character set and collations their full name (release notes).
    {
      pattern: /\b(_|CHARSET=|CHARSET |CHARACTER SET |COLLATE=|COLLATE |collate |charset )utf8(?=_|\b)/g,
      instead: '$1utf8mb3',
    },
    // 8.0.19 stopped showing widths of integers, but for tinyint(1) and with ZEROFILL, and of YEAR (release notes).
    { pattern: /\b((?:small|medium|big)?int|year)\(\d+\)(?! (?:unsigned )?zerofill)/g, instead: '$1' },
    { pattern: /\btinyint\((?!1\))\d+\)(?! (?:unsigned )?zerofill)/g, instead: 'tinyint' },
    { pattern: / CHARACTER SET \w+ COLLATE /g, instead: ' COLLATE ' },
  ],
  mariadb: [
    {
      pattern: /\b(_|CHARSET=|CHARSET |CHARACTER SET |COLLATE=|COLLATE |collate |charset )utf8(?=_|\b)/g,
      instead: '$1utf8mb3',
    },
  ],
};

/** A definition in the words of one version, of `mysql` or `mariadb`. */
export function canonical(text: string, flavor: unknown): string {
  const wordings = WORDINGS[String(flavor)] ?? [];
  const rewrite = (sql: string) =>
    wordings.reduce((all, { pattern, instead }) => all.replaceAll(pattern, instead), sql);
  return outsideQuotes(text, rewrite);
}
