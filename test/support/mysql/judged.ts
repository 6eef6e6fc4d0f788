import type { MysqlServer } from '../../servers/mysql/server.ts';
import { WHOLE } from '../../servers/mysql/tools.ts';

/** What mysqldump sees in a database: a text that says the same for the same content, whatever its database is called. */
export async function seenByMysqldump({ tools }: MysqlServer, url: string): Promise<string> {
  const dump = String(await tools.dump(url, ...WHOLE, '--skip-extended-insert'));
  const database = `\`${decodeURIComponent(new URL(url).pathname.slice(1))}\`.`;
  return (
    dump
      .replaceAll(database, '')
      // MySQL says it of a column whose table says it too, once it was given in so many words, as in a dump.
      .replaceAll(/ CHARACTER SET \w+ COLLATE /g, ' COLLATE ')
  );
}

/** Checksums of all rows, each with all its bytes, by table. */
export async function checksums({ tools, sql }: MysqlServer, url: string): Promise<Record<string, string>> {
  const database = decodeURIComponent(new URL(url).pathname.slice(1)).replaceAll("'", "''");
  const tables = await sql(
    'information_schema',
    `SELECT CONCAT('\`', REPLACE(TABLE_NAME, '\`', '\`\`'), '\`') FROM TABLES WHERE TABLE_SCHEMA = '${database}' AND TABLE_TYPE <> 'VIEW' ORDER BY TABLE_NAME`,
  );
  const names = tables.trimEnd().split('\n');
  const rows = await tools.run(url, `CHECKSUM TABLE ${names.join(', ')} EXTENDED`);
  const sums = rows.trimEnd().split('\n');
  return Object.fromEntries(sums.map((row, n) => [names[n]!, row.split('\t').at(-1)!]));
}

/** Where two texts first differ, with a line around it; empty when they do not. */
export function firstDifference(is: string, should: string): string {
  const [a, b] = [is.split('\n'), should.split('\n')];
  const at = a.findIndex((line, n) => line !== b[n]);
  if (at < 0 && a.length === b.length) return '';
  const line = at < 0 ? a.length : at;
  const shown = (lines: string[]) =>
    lines.slice(Math.max(0, line - 1), line + 2).map((it) => it.slice(0, 500));
  return `line ${line + 1}:\n${shown(a).join('\n')}\ninstead of\n${shown(b).join('\n')}`;
}
