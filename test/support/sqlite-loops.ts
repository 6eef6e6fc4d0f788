import type { DatabaseSync } from 'node:sqlite';
import { ACCOUNTS } from './sqlite-sample.ts';
import { BODIES, COUNTERS } from './sqlite-stress.ts';

/** What a process of sqlite-process.ts can repeat. */
export type LoopName = 'transfers' | 'generations' | 'checkpoints' | 'modes' | 'watch';

export interface LoopOptions {
  /** Rest between rounds; 0 lets nothing but messages in. */
  readonly pauseMs?: number;
  /** `generations`: VACUUM in every so many rounds. */
  readonly vacuumEvery?: number;
  /** `generations`: delete half of all rows in every so many rounds. */
  readonly shrinkEvery?: number;
  /** `watch`: tables whose column `version` is read, in one transaction. */
  readonly tables?: readonly string[];
}

export type Round = (n: number) => void;
type Loop = (database: DatabaseSync, options: LoopOptions, seen: Set<string>) => Round;

export const loops: Readonly<Record<LoopName, Loop>> = {
  transfers,
  generations,
  checkpoints,
  modes,
  watch,
};

/** Moves money between two accounts: the sum of all balances stays. */
function transfers(database: DatabaseSync): Round {
  const add = database.prepare('UPDATE accounts SET balance = balance + ? WHERE id = ?');
  const note = database.prepare('INSERT INTO transfers (payer, payee, amount) VALUES (?, ?, ?)');
  return inTransaction(database, () => {
    const [payer, payee, amount] = [random(ACCOUNTS), random(ACCOUNTS), random(100)];
    add.run(-amount, payer);
    add.run(amount, payee);
    note.run(payer, payee, amount);
  });
}

/** One step of the workload of sqlite-stress.ts. */
function generations(database: DatabaseSync, { vacuumEvery, shrinkEvery }: LoopOptions): Round {
  const steps = COUNTERS.map((name) => database.prepare(`UPDATE ${name} SET generation = generation + 1`));
  const remove = database.prepare('DELETE FROM bodies WHERE id = ?');
  const write = database.prepare(`INSERT INTO bodies (id, g, size, body)
    SELECT ?1, generation, ?2, printf('%.*c', ?2, char(97 + generation % 26)) FROM ${COUNTERS[0]}`);
  const step = inTransaction(database, (n) => {
    for (const counter of steps) counter.run();
    for (let i = 0; i < 6; i++) {
      const id = random(BODIES);
      remove.run(id);
      write.run(id, random(10) === 1 ? random(30_000) : random(4_000));
    }
    if (shrinkEvery && n % shrinkEvery === 0) database.exec('DELETE FROM bodies WHERE id % 2 = 0');
  });
  return (n) => {
    step(n);
    if (vacuumEvery && n % vacuumEvery === 0) database.exec('VACUUM');
  };
}

/** All kinds of checkpoint, in turns; those that meet readers give up after the connection's timeout. */
function checkpoints(database: DatabaseSync): Round {
  const kinds = ['PASSIVE', 'FULL', 'RESTART', 'TRUNCATE', 'PASSIVE', 'PASSIVE'];
  return (n) => void database.prepare(`PRAGMA wal_checkpoint(${kinds[n % kinds.length]})`).all();
}

/** Steps with a change of the journal mode before each. */
function modes(database: DatabaseSync, options: LoopOptions): Round {
  const step = generations(database, options);
  return (n) => {
    database.exec(`PRAGMA journal_mode = ${n % 2 === 0 ? 'DELETE' : 'WAL'}`);
    step(n);
  };
}

/** Which versions are in the tables, seen by one transaction: `old`, `new`, or a mixture. */
function watch(database: DatabaseSync, { tables = [] }: LoopOptions, seen: Set<string>): Round {
  return inTransaction(
    database,
    () => {
      const rows = tables.flatMap((name) => database.prepare(`SELECT DISTINCT version FROM ${name}`).all());
      seen.add([...new Set(rows.map((row) => String(row['version'])))].toSorted().join(' and '));
    },
    'BEGIN',
  );
}

function inTransaction(database: DatabaseSync, work: Round, begin = 'BEGIN IMMEDIATE'): Round {
  return (n) => {
    database.exec(begin);
    work(n);
    database.exec('COMMIT');
  };
}

/** 1 to `most`. */
function random(most: number): number {
  return 1 + Math.floor(Math.random() * most);
}
