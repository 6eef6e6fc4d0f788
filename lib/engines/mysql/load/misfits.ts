import { CofreError } from '../../../errors.ts';
import type { Flavor, ServerFacts } from '../connection/server-facts.ts';
import type { Statement } from '../script/items.ts';
import { type Token, tokensOf } from '../script/tokens.ts';
import type { TargetServer } from './target.ts';

/** What one of the two systems has and the other does not, as words of a table's definition. */
const ONLY: Readonly<Record<Flavor, readonly { readonly is: RegExp; readonly what: string }[]>> = {
  mariadb: [
    { is: /^CREATE (?:OR REPLACE )?SEQUENCE /, what: 'sequences' },
    { is: / WITH SYSTEM VERSIONING | PERIOD FOR /, what: 'system-versioned tables and periods' },
    {
      is: / (?:UUID|INET4|INET6|XMLTYPE) (?:NOT NULL|DEFAULT|,|\)|COMMENT)/,
      what: 'the types UUID, INET4, INET6 and XMLTYPE',
    },
    { is: /^CREATE (?:OR REPLACE )?(?:DEFINER = \S+ (?:@ \S+ )?)?PACKAGE /, what: 'packages' },
    { is: / COMPRESSED (?:NOT NULL|DEFAULT|,|\))/, what: 'compressed columns' },
    { is: / (?:NEXTVAL|LASTVAL) \(/, what: 'defaults from sequences' },
  ],
  mysql: [
    { is: / KEY ` \( (?:` (?:\( \d+ \) )?(?:DESC )?, )*\( /, what: 'indexes on expressions' },
    { is: / GEOMCOLLECTION /, what: 'the type GEOMCOLLECTION' },
    { is: / NOT ENFORCED /, what: 'checks that are not enforced' },
    { is: / GENERATED ALWAYS AS \(.*? INVISIBLE /, what: 'invisible generated columns' },
  ],
};

const OTHER: Readonly<Record<Flavor, Flavor>> = { mysql: 'mariadb', mariadb: 'mysql' };
const TITLES: Readonly<Record<Flavor, string>> = { mysql: 'MySQL', mariadb: 'MariaDB' };

/**
 * Looks through the structure that a dump begins with for what the server does not have.
 * @returns in full words, each once
 */
export function misfitsIn(
  head: readonly Statement[],
  { flavor }: Pick<ServerFacts, 'flavor'>,
  target: Pick<TargetServer, 'collations' | 'characterSets' | 'engines'>,
): string[] {
  const found = new Set<string>();
  for (const statement of head) {
    if (!/\b(?:CREATE|ALTER)\b/i.test(statement.head.slice(0, 100))) continue;
    const tokens = tokensOf(statement.latin1, Number.POSITIVE_INFINITY);
    for (const name of unknownNames(tokens, target)) found.add(name);
    const shape = tokens.map(shapeOfToken).join('');
    for (const { is, what } of ONLY[OTHER[flavor]]) if (is.test(shape)) found.add(what);
  }
  return [...found];
}

function shapeOfToken({ kind, text }: Token): string {
  return `${kind === 'name' ? '`' : kind === 'string' ? "'" : text} `;
}

function* unknownNames(
  tokens: readonly Token[],
  { collations, characterSets, engines }: Pick<TargetServer, 'collations' | 'characterSets' | 'engines'>,
): Generator<string> {
  for (const [n, { kind, text }] of tokens.entries()) {
    if (kind !== 'word') continue;
    const value = tokens[n + 1]?.text === '=' ? tokens[n + 2] : tokens[n + 1];
    if (value?.kind !== 'word') continue;
    const name = value.text.toLowerCase();
    if (text === 'COLLATE' && !collations.has(name.replace(/^utf8_/, 'utf8mb3_')) && !collations.has(name))
      yield `the collation ${name}`;
    if (isCharset(text, tokens[n - 1]) && !characterSets.has(name) && !ALIASES.has(name))
      yield `the character set ${name}`;
    if (text === 'ENGINE' && tokens[n + 1]?.text === '=' && !engines.has(value.text))
      yield `the engine ${value.text}`;
  }
}

/** Names that servers take for others. */
const ALIASES = new Set(['utf8', 'utf8mb3', 'binary', 'default']);

/** `CHARSET x`, `CHARACTER SET x`. */
function isCharset(word: string, before: Token | undefined): boolean {
  return word === 'CHARSET' || (word === 'SET' && before?.text === 'CHARACTER');
}

/** @throws {CofreError} `RESTORE_REFUSED` when the server lacks what the dump's tables need */
export function requireNoMisfits(
  head: readonly Statement[],
  server: ServerFacts,
  target: TargetServer,
  source: Flavor | undefined,
): void {
  const found = misfitsIn(head, server, target);
  if (found.length === 0) return;
  const from = source && source !== server.flavor ? ` The dump is of ${TITLES[source]}.` : '';
  const shown = found.slice(0, 8).join(', ');
  const more = found.length > 8 ? ` and ${found.length - 8} more` : '';
  throw new CofreError(
    'RESTORE_REFUSED',
    `${TITLES[server.flavor]} ${server.version} does not have what the dump's tables need: ${shown}${more}.${from}`,
    {
      hint:
        'Nothing was changed. Restore into a server of the kind and version that the dump was made on; or change these in the ' +
        'plain file (the collation utf8mb4_0900_ai_ci to utf8mb4_unicode_ci, for one) and restore that.',
    },
  );
}

/** Which system a dump is of, by its first comments or the manifest. */
export function flavorOf(beginning: string, noted: unknown): Flavor | undefined {
  if (noted === 'mysql' || noted === 'mariadb') return noted;
  if (/^-- (?:MariaDB dump|Cofre dump of a MariaDB|Server version[:\t ]+\S*MariaDB)/m.test(beginning))
    return 'mariadb';
  if (/^-- (?:MySQL dump|Cofre dump of a MySQL|Server version[:\t ]+\d)/m.test(beginning)) return 'mysql';
  return undefined;
}
