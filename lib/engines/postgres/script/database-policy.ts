import { refused } from '../../sql/script/refusals.ts';
import type { Meta } from './items.ts';
import { nameOf, type Token, tokensOf } from './tokens.ts';

/**
 * The database that the file names for itself, as `pg_dump --create` writes it: CREATE DATABASE (with --clean, DROP
 * before it) and \connect come before any object and are passed over, as the restore's own target takes its place. Its
 * properties, which would go to whatever database has that name, are passed over anywhere.
 */
export interface DatabasePolicy {
  /** Whether the statement is about a database and to be passed over. @throws {CofreError} `RESTORE_REFUSED` */
  skips(tokens: readonly Token[], line: number): boolean;
  /** Whether a \connect goes to the database that the file made. */
  skipsConnect(meta: Meta): boolean;
  /** An object was made: from now on the database may not change. */
  begun(): void;
}

export function databasePolicy(warn: (warning: string) => void): DatabasePolicy {
  let own: string | undefined;
  let [hasObjects, isConnected] = [false, false];

  function header(verb: string, name: string, line: number): boolean {
    if (hasObjects || isConnected || (own !== undefined && own !== name)) throw another(verb, line);
    own = name;
    warn(`The dump's own ${verb} DATABASE was passed over: all goes into the target of the restore.`);
    return true;
  }

  return {
    skips: (tokens, line) => {
      const [verb, kind, third] = tokens;
      const name = tokens[third?.text === 'IF' ? 4 : 2];
      if (verb && name && kind?.text === 'DATABASE' && /^(?:CREATE|DROP)$/.test(verb.text)) {
        return header(verb.text, nameOf(name), line);
      }
      if (!isProperty(tokens.map(({ text }) => text))) return false;
      warn('Properties, grants and comments of the database itself were passed over.');
      return true;
    },
    skipsConnect: ({ command, argument }) => {
      if (!/^c(?:onnect)?$/.test(command) || own === undefined || hasObjects) return false;
      if (databaseIn(argument) !== own) return false;
      isConnected = true;
      warn("The dump's own \\connect was passed over: all goes into the target of the restore.");
      return true;
    },
    begun: () => {
      hasObjects = true;
    },
  };
}

/** What `pg_dump --create` writes about a database (pg_dump.c, dumpDatabase and dumpDatabaseConfig). */
const PROPERTY =
  /^(?:ALTER DATABASE |ALTER (?:ROLE|USER) \S+ IN DATABASE |COMMENT ON DATABASE |SECURITY LABEL .*?ON DATABASE |(?:GRANT|REVOKE) .*?ON DATABASE |(?:UPDATE|DELETE FROM) PG_CATALOG \. PG_(?:DATABASE|DB_ROLE_SETTING) )/;

function isProperty(words: readonly string[]): boolean {
  return PROPERTY.test(words.join(' '));
}

/** `name`, `"name"`, or `-reuse-previous=on "dbname='name'"`. */
function databaseIn(argument: string): string | undefined {
  const conninfo = /^-reuse-previous=on "dbname='((?:[^'\\]|\\.)*)'"$/.exec(argument)?.[1];
  if (conninfo !== undefined) return conninfo.replaceAll('""', '"').replaceAll(/\\(.)/g, '$1');
  const [first, ...rest] = tokensOf(argument.replace(/;*$/, ''), 2);
  return first && rest.length === 0 ? nameOf(first) : undefined;
}

function another(verb: string, line: number): Error {
  return refused(
    `Line ${line}: ${verb} DATABASE amid the dump: it holds more than one database.`,
    'Dump the one database with pg_dump, without --create, and name the target by --to.',
  );
}
