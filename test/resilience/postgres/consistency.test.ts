import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { postgresEngine } from '../../../lib/engines/postgres/engine.ts';
import { contextOf, inputOf, take } from '../../contracts/engine/harness.ts';
import { type PostgresServer, startPostgres } from '../../servers/postgres/server.ts';
import { someOf } from '../../support/moments.ts';

const TABLES = 12;
const COPIES = someOf(8, 20);
const MOVERS = 3;
const EACH = 200 * 1_000;

test(`${COPIES} of ${COPIES} copies balance while three processes move money between rows of twelve tables`, async () => {
  await using opened = new AsyncDisposableStack();
  const server = await startPostgres(16);
  opened.defer(() => server.stop());
  await server.createDatabase('bank');
  await server.sql('bank', bank());
  const movers = await Promise.all(Array.from({ length: MOVERS }, () => startMover(server.url('bank'))));
  const engine = postgresEngine({ jobs: 4 });
  const found: string[] = [];
  const ledgers: number[] = [];
  for (let copy = 0; copy < COPIES; copy++) {
    const taken = await take(engine, server.url('bank'), {}, 1);
    await engine.load(server.url('copy'), inputOf(taken), contextOf());
    const [balance, moved, rows] = await totals(server);
    found.push(`${balance} ${moved}`);
    ledgers.push(rows!);
  }
  for (const mover of movers) await mover.stop();
  expect(found).toEqual(Array.from({ length: COPIES }, () => `${TABLES * EACH} 0`));
  // Each copy saw transfers that the one before did not.
  expect(ledgers).toEqual(ledgers.toSorted((a, b) => a - b));
  expect(new Set(ledgers).size).toBe(COPIES);
});

function bank(): string {
  const tables = Array.from({ length: TABLES }, (_, n) => n);
  return tables
    .map(
      (n) => `
      CREATE TABLE purse_${n} (id integer PRIMARY KEY, balance bigint NOT NULL, note text);
      CREATE TABLE ledger_${n} (id bigserial PRIMARY KEY, amount integer NOT NULL);
      INSERT INTO purse_${n} SELECT i, 1000, repeat(md5(i::text), 60) FROM generate_series(1, 200) i;`,
    )
    .join('\n');
}

async function totals(server: PostgresServer): Promise<number[]> {
  const sum = (what: string, table: string) =>
    Array.from({ length: TABLES }, (_, n) => `(SELECT coalesce(${what}, 0) FROM ${table}_${n})`).join(' + ');
  const text = await server.sql(
    'copy',
    `SELECT ${sum('sum(balance)', 'purse')}, ${sum('sum(amount)', 'ledger')}, ${sum('count(*)', 'ledger')}`,
  );
  return text.trim().split('|').map(Number);
}

async function startMover(url: string): Promise<{ stop(): Promise<void> }> {
  const script = fileURLToPath(new URL('../../support/postgres/mover-process.ts', import.meta.url));
  const child = fork(script, [url.replace(/\?.*/, ''), String(TABLES)], { stdio: 'inherit' });
  await once(child, 'message');
  return {
    stop: async () => {
      const exited = once(child, 'exit');
      child.send('stop');
      expect(await exited).toEqual([0, null]);
    },
  };
}
