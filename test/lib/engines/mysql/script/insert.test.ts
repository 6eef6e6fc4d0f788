import { describe, expect, test } from 'vitest';
import { countRows, insertOf } from '../../../../../lib/engines/mysql/script/insert.ts';
import { Statement } from '../../../../../lib/engines/mysql/script/items.ts';
import { messageOf } from '../../codes.ts';

const statement = (sql: string) => new Statement(Buffer.from(sql), 7);

function read(sql: string) {
  const found = insertOf(statement(sql));
  return found && { table: found.table, columns: found.columns, rows: countRows(statement(sql), found) };
}

const ROWS: Record<string, { table: string; columns?: number; rows: number }> = {
  'INSERT INTO `t` VALUES (1),(2)': { table: 't', rows: 2 },
  "INSERT INTO `t` (`a`, `(b,c)`) VALUES\n(1,'x'),\n(2,NULL)": { table: 't', columns: 2, rows: 2 },
  "insert ignore into t value ('a),(b', \"),(\", 'it''s', 'it\\'s),(')": { table: 't', rows: 1 },
  'REPLACE `dáta``x` VALUES (f(1,2), (3), `a,`)': { table: 'dáta`x', rows: 1 },
  'INSERT INTO a.t VALUES (1)': { table: 't', rows: 1 },
  'INSERT INTO `t` () VALUES\n(),\n( )': { table: 't', columns: 0, rows: 2 },
  "INSERT INTO t VALUES (_binary '\\0(', 0x28)": { table: 't', rows: 1 },
  'INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 2': { table: 't', rows: 1 },
};

describe('rows of an INSERT', () => {
  test.for(Object.entries(ROWS))('%s', ([sql, expected]) => {
    expect(read(sql)).toEqual({ columns: undefined, ...expected });
  });

  test('with a list of columns that is longer than what is looked at', () => {
    const columns = Array.from({ length: 1_000 }, (_, n) => `\`column_${n}\``);
    const sql = `INSERT INTO t (${columns.join(',')}) VALUES (${columns.map(() => 1).join(',')})`;
    expect(read(sql)).toEqual({ table: 't', columns: 1_000, rows: 1 });
  });

  test.for(['SELECT 1', 'INSERT INTO t SELECT 1', 'INSERT INTO t SET a = 1', 'INSERTED (1)'])(
    'none: %s',
    (sql) => {
      expect(insertOf(statement(sql))).toBeUndefined();
    },
  );

  test.for([
    'INSERT INTO t VALUES (1,2),(3)',
    'INSERT INTO t (a, b) VALUES (1)',
    'INSERT INTO t VALUES (1',
    "INSERT INTO t VALUES ('1)",
    'INSERT INTO t VALUES (1))',
  ])('damaged: %s', async (sql) => {
    expect(await messageOf(() => read(sql))).toMatch(/^BACKUP_DAMAGED: .*line 7/);
  });
});
