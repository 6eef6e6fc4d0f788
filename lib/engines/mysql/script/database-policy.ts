import { refused } from '../../sql/script/refusals.ts';
import type { Statement } from './items.ts';
import { withoutDatabase } from './own-names.ts';
import { targetOf } from './target.ts';
import { nameIn, shapeOf, type Token } from './tokens.ts';

/**
 * The database that the file names for itself. CREATE DATABASE (with DROP before it) and USE are passed over, but for the
 * defaults that it is given, as the restore's own target takes its place; its name before a table's is left out. Any other database is refused.
 */
export interface DatabasePolicy {
  /** What a comment tells of it: mysqldump's `Host: localhost    Database: shop`. */
  comment(text: string): void;
  /** The statement as it is to be run; `undefined` to pass it over. @throws {CofreError} `RESTORE_REFUSED` */
  apply(statement: Statement, tokens: readonly Token[]): Statement | undefined;
}

export function databasePolicy(warn: (warning: string) => void): DatabasePolicy {
  let own: string | undefined;
  /** What the file itself says that it is. */
  let claimed: string | undefined;

  /** The file says that this is its database. */
  function claim(name: string, { line }: Statement): void {
    if (claimed !== undefined && claimed !== name) throw another(name, claimed, line);
    [own, claimed] = [name, name];
  }

  function passOver(statement: Statement, verb: string, name: string): void {
    claim(name, statement);
    warn(`The dump's own ${verb} was passed over: all goes into the target of the restore.`);
  }

  function inPlace(statement: Statement, tokens: readonly Token[]): Statement {
    const target = targetOf(tokens, statement.head);
    if (!target) return statement;
    if (target.database !== undefined) own ??= target.database;
    if (target.database !== undefined && target.database !== own) throw outside(target.database, statement);
    return own === undefined ? statement : withoutDatabase(statement, own, shapeOf(tokens), tokens);
  }

  return {
    comment: (text) => {
      const name = /^Host: .*?\s{2,}Database: (.+)$/.exec(text)?.[1];
      if (name !== undefined && own === undefined) own = name;
    },
    apply: (statement, tokens) => {
      const shape = shapeOf(tokens.slice(0, 8));
      const text = statement.head;
      const made = /^(?:CREATE|DROP) (?:OR REPLACE )?(?:DATABASE|SCHEMA) (?:IF (?:NOT )?EXISTS )?/.exec(
        shape,
      )?.[0];
      if (made) {
        const verb = made.startsWith('CREATE ') ? 'CREATE' : 'DROP';
        passOver(statement, `${verb} DATABASE`, wordAfter(made, tokens, text));
        return verb === 'CREATE' ? defaultsOf(statement) : undefined;
      }
      if (shape.startsWith('USE ')) {
        passOver(statement, 'USE', wordAfter('USE ', tokens, text));
        return undefined;
      }
      if (/^ALTER (?:DATABASE|SCHEMA) /.test(shape)) return nameless(statement, tokens);
      return inPlace(statement, tokens);
    },
  };
}

/** What CREATE DATABASE gives to tables that say nothing themselves. */
function defaultsOf(statement: Statement): Statement | undefined {
  const [charset] = /(?:CHARACTER SET|CHARSET)\s*=?\s*\w+/i.exec(statement.head) ?? [];
  const [collation] = /COLLATE\s*=?\s*\w+/i.exec(statement.head) ?? [];
  if (charset === undefined && collation === undefined) return undefined;
  return statement.with(`ALTER DATABASE ${charset ?? ''} ${collation ?? ''}`.trim());
}

/** The name behind the words that a shape begins with. */
function wordAfter(shape: string, tokens: readonly Token[], text: string): string {
  const token = tokens[shape.split(' ').length - 1];
  return token ? nameIn(text, token) : '';
}

/** Words that follow ALTER DATABASE when it names none. */
const OPTION = /^(?:DEFAULT|CHARACTER|CHARSET|COLLATE|COMMENT|ENCRYPTION|READ|UPGRADE)$/;

/** mysqldump names the database that it is about, around routines of another collation; here it is the current one. */
function nameless(statement: Statement, tokens: readonly Token[]): Statement {
  const [, , third, fourth] = tokens;
  const isNamed = third?.kind === 'name' || (third?.kind === 'word' && !(OPTION.test(third.text) && fourth));
  if (!isNamed || !fourth) return statement;
  const text = statement.latin1;
  return statement.with(`${text.slice(0, third.from)}${text.slice(fourth.from)}`);
}

function another(name: string, own: string, line: number): Error {
  return refused(
    `Line ${line}: the dump holds more than one database: ${own} and ${name}.`,
    'Dump the one database alone (mysqldump NAME, without --databases), or cut the file.',
  );
}

function outside(database: string, { line }: Statement): Error {
  return refused(
    `Line ${line}: the dump would change ${database}, which it names, and not the target of the restore.`,
    'Remove the name of the database from the file, or dump that database alone.',
  );
}
