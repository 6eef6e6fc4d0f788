import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Flavor, type MysqlServer, startMysql } from '../../servers/mysql/server.ts';
import { someOf } from '../../support/moments.ts';
import { dumped } from '../../support/mysql/dumping.ts';

const TABLES = 12;
export const COPIES = someOf(8, 20);
const MOVERS = 3;
const EACH = 200 * 1_000;

/** Rights besides those that any backup needs: with them the snapshot is made under a lock of one kind or the other. */
export type LockRight = 'RELOAD' | 'LOCK TABLES';

/** Dumps while three processes move money between rows of twelve tables: every copy has to balance. */
export async function expectBalances(flavor: Flavor, right: LockRight): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const server = await startMysql(flavor);
  opened.defer(() => server.stop());
  await server.createDatabase('bank');
  await server.sql('bank', bank());
  const routines = flavor === 'mysql' ? 'SHOW_ROUTINE' : 'SELECT';
  await server.createUser('backup', [
    'SELECT, SHOW VIEW, TRIGGER, EVENT ON bank.*',
    `${routines} ON *.*`,
    `${right} ON *.*`,
  ]);
  const movers = await Promise.all(Array.from({ length: MOVERS }, () => startMover(server.url('bank'))));
  const found: string[] = [];
  const ledgers: number[] = [];
  for (let copy = 0; copy < COPIES; copy++) {
    const { text } = await dumped(server.url('bank', 'backup'), { jobs: 4 });
    const [balance, moved, rows] = await totals(server, text);
    found.push(`${balance} ${moved}`);
    ledgers.push(rows!);
  }
  for (const mover of movers) await mover.stop();
  expect(found).toEqual(Array.from({ length: COPIES }, () => `${TABLES * EACH} 0`));
  // Each copy saw transfers that the one before did not.
  expect(ledgers).toEqual(ledgers.toSorted((a, b) => a - b));
  expect(new Set(ledgers).size).toBe(COPIES);
}

function bank(): string {
  const rows = Array.from({ length: 200 }, (_, n) => `(${n + 1}, 1000, REPEAT('${n}x', 500))`).join(', ');
  const table = (n: number) => `
    CREATE TABLE purse_${n} (id INT PRIMARY KEY, balance BIGINT NOT NULL, note TEXT);
    CREATE TABLE ledger_${n} (id BIGINT AUTO_INCREMENT PRIMARY KEY, amount INT NOT NULL);
    INSERT INTO purse_${n} VALUES ${rows};`;
  return Array.from({ length: TABLES }, (_, n) => table(n)).join('\n');
}

/** Of a copy that is made by mysql. */
async function totals(server: MysqlServer, text: Buffer): Promise<number[]> {
  await server.sql('', 'DROP DATABASE IF EXISTS copy; CREATE DATABASE copy');
  const sum = (what: string, table: string) =>
    Array.from({ length: TABLES }, (_, n) => `(SELECT COALESCE(${what}, 0) FROM ${table}_${n})`).join(' + ');
  const ask = `SELECT ${sum('SUM(balance)', 'purse')}, ${sum('SUM(amount)', 'ledger')}, ${sum('COUNT(*)', 'ledger')};`;
  const rows = await server.sql('copy', Buffer.concat([text, Buffer.from(ask)]));
  return rows.trim().split('\t').map(Number);
}

async function startMover(url: string): Promise<{ stop(): Promise<void> }> {
  const script = fileURLToPath(new URL('../../support/mysql/mover-process.ts', import.meta.url));
  const child = fork(script, [url, String(TABLES)], { stdio: 'inherit' });
  await once(child, 'message');
  return {
    stop: async () => {
      const exited = once(child, 'exit');
      child.send('stop');
      expect(await exited).toEqual([0, null]);
    },
  };
}
