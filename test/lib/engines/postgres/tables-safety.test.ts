import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawFrame } from '../../../../lib/engines/engine.ts';
import { readerOf, STAMP, type TablesLab, tablesLab } from '../../../support/postgres/tables-lab.ts';

const SCHEMA = `
  CREATE TABLE accounts (id int PRIMARY KEY, owner text NOT NULL, balance int);
  CREATE TABLE payments (id serial, account int REFERENCES accounts ON DELETE CASCADE);
  CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
  CREATE TRIGGER noted AFTER INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION noted();
  INSERT INTO accounts SELECT n, 'owner ' || n, n FROM generate_series(1, 2000) n;
  INSERT INTO payments (account) SELECT n FROM generate_series(1, 2000) n;
`;
const TABLES = ['public.accounts', 'public.payments'];
const WAYS = [{ replace: false }, { replace: true }];

let lab: TablesLab;
beforeAll(async () => {
  lab = await tablesLab(16);
});
afterAll(() => lab.server.stop());

/** A database that has changed since its backup. */
async function make() {
  const { url, backup } = await lab.make(SCHEMA);
  await lab.sql(url, "DELETE FROM accounts WHERE id % 2 = 0; UPDATE accounts SET owner = 'new'");
  return { url, backup, before: await lab.fingerprint(url) };
}

const sessions = (url: string) =>
  lab.sql(url, "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'cofre %'");

describe.each(WAYS)('single tables, $replace', (way) => {
  const broken: [string, (frames: RawFrame[]) => RawFrame[]][] = [
    ['a frame is missing', (frames) => frames.toSpliced(4, 1)],
    ['a frame comes twice', (frames) => frames.toSpliced(4, 0, frames[4]!)],
    ['a frame is cut', (frames) => frames.with(4, part(frames[4]!, 0, -9))],
    ['a frame lacks its beginning', (frames) => frames.with(4, part(frames[4]!, 30))],
    ['rows are cut out', (frames) => frames.with(4, without(frames[4]!, 200, 500))],
    ['a row has lost a column', (frames) => frames.with(4, changed(frames[4]!, '\t', ' '))],
    ['a value is no number', (frames) => frames.with(4, changed(frames[4]!, '\n', '\nx'))],
    [
      'bytes are no text',
      (frames) => frames.with(4, changed(frames[4]!, 'owner', '\u00ff\u00ff\u00ff\u00ff\u00ff')),
    ],
    [
      "a frame has another table's rows",
      (frames) => frames.with(4, { ...frames[4]!, table: 'public.payments' }),
    ],
    ['a table is missing', (frames) => frames.filter(({ table }) => table !== 'public.payments')],
    ['there is nothing', () => []],
  ];
  const inDoubt = ['a value is no number', 'a frame comes twice'];
  it.each(broken)('takes no damaged backup: %s', async (title, damage) => {
    const { url, backup, before } = await make();
    const read = readerOf({ ...backup, data: damage([...backup.data]) });
    const loading = lab.restore(url, { ...way, backup, tables: TABLES, read });
    // Of a live table, it may be the columns and keys that have changed.
    const code = way.replace && inDoubt.includes(title) ? 'RESTORE_REFUSED' : 'BACKUP_DAMAGED';
    await expect(loading).rejects.toMatchObject({ code });
    expect(await lab.fingerprint(url)).toBe(before);
  });

  it('asks the fence once, at the end, and changes nothing when it says no', async () => {
    const { url, backup, before } = await make();
    let asked = 0;
    const fence = async () => {
      asked++;
      throw new Error('somebody else has the right');
    };
    const loading = lab.restore(url, { ...way, backup, tables: TABLES, context: { fence } });
    await expect(loading).rejects.toThrow('somebody else');
    expect(asked).toBe(1);
    expect(await lab.fingerprint(url)).toBe(before);
  });

  it('stops when told to, at every frame, and leaves nothing', async () => {
    const { url, backup, before } = await make();
    for (const stopAt of [0, 1, 7, 25, 39]) {
      const aborting = new AbortController();
      const reason = new Error(`stopped at ${stopAt}`);
      let frames = 0;
      const inner = readerOf(backup);
      const read = async function* (...asked: Parameters<typeof inner>) {
        for await (const frame of inner(...asked)) {
          if (frames++ === stopAt) aborting.abort(reason);
          yield frame;
        }
      };
      const context = { signal: aborting.signal };
      await expect(lab.restore(url, { ...way, backup, tables: TABLES, read, context })).rejects.toBe(reason);
    }
    expect(await sessions(url)).toBe('');
    expect(await lab.fingerprint(url)).toBe(before);
  });

  it('stops when told to while its source is silent, or while it waits for a lock', async () => {
    const { url, backup, before } = await make();
    const inner = readerOf(backup);
    const read = async function* (...asked: Parameters<typeof inner>) {
      yield* inner(...asked);
      await new Promise(() => {}); // for ever
    };
    const context = () => ({ signal: AbortSignal.timeout(400) });
    const silent = lab.restore(url, { ...way, backup, tables: TABLES, read, context: context() });
    await expect(silent).rejects.toMatchObject({ name: 'TimeoutError' });
    await using locked = await lock(url, 'accounts');
    if (way.replace) {
      const waiting = lab.restore(url, { ...way, backup, tables: TABLES, context: context() });
      await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
    }
    await locked.end();
    expect(await sessions(url)).toBe('');
    expect(await lab.fingerprint(url)).toBe(before);
  });

  it('leaves all or nothing when it is killed', async () => {
    const { url, backup, before } = await make();
    const file = join(lab.server.folder, `backup-${way.replace}`);
    writeFileSync(file, serialize(backup));
    const mode = way.replace ? 'replace' : 'beside';
    for (let run = 0; run < 8; run++) {
      const child = fork(PROCESS, [url, file, mode, ...TABLES]);
      await framesRead(child, Math.floor(Math.random() * 42));
      await sleep(Math.random() * 5);
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      while ((await sessions(url)) !== '') await sleep(10);
      const after = await lab.fingerprint(url);
      if (after !== before) expect(await whole(url)).toBe('2000|2000');
      if (after !== before) break;
    }
  });

  const whole = (url: string) => {
    const suffix = way.replace ? '' : `_restored_${STAMP}`;
    return lab.sql(
      url,
      `SELECT (SELECT count(*) FROM accounts${suffix} WHERE owner <> 'new'), (SELECT count(*) FROM payments${suffix})`,
    );
  };

  it('fails when its connection is lost', async () => {
    const { url, backup, before } = await make();
    const inner = readerOf(backup);
    const read = async function* (...asked: Parameters<typeof inner>) {
      let frames = 0;
      for await (const frame of inner(...asked)) {
        if (asked[0] === 'data' && ++frames === 20) {
          await lab.sql(
            url,
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'cofre %'`,
          );
        }
        yield frame;
      }
    };
    const loading = lab.restore(url, { ...way, backup, tables: TABLES, read });
    await expect(loading).rejects.toMatchObject({ code: 'TARGET_INVALID' });
    expect(await lab.fingerprint(url)).toBe(before);
  });
});

describe('live tables that others use', () => {
  it('waits for locks up to the limit, then names who holds them', async () => {
    const { url, backup, before } = await make();
    const locked = await lock(url, 'payments');
    const started = Date.now();
    const loading = lab.restore(url, { replace: true, backup, tables: ['public.accounts'] });
    await expect(loading).rejects.toMatchObject({
      code: 'TARGET_BUSY',
      message: expect.stringMatching(new RegExp(`session ${locked.pid} .*reporting`)),
    });
    expect(Date.now() - started).toBeGreaterThan(900);
    await locked.end();
    expect(await lab.fingerprint(url)).toBe(before);
  });

  it('goes on once they let go, and ends them when told to', async () => {
    const { url, backup } = await make();
    const locked = await lock(url, 'accounts');
    setTimeout(() => void locked.end(), 300);
    await lab.restore(url, { replace: true, backup, tables: TABLES, lockWaitMs: 600_000 });
    await using stubborn = await lock(url, 'accounts');
    await lab.restore(url, {
      replace: true,
      backup,
      tables: TABLES,
      terminateConnections: true,
      lockWaitMs: 120_000,
    });
    await expect(stubborn.query('SELECT 1')).rejects.toThrow();
  });

  it('never has to wait for them when it restores beside', async () => {
    const { url, backup } = await make();
    await using _ = await lock(url, 'accounts');
    await lab.restore(url, { backup, tables: TABLES });
  });

  it('says that a backup has no such table', async () => {
    const { url, backup } = await make();
    const loading = lab.restore(url, { backup, tables: ['public.nowhere'] });
    await expect(loading).rejects.toMatchObject({ code: 'BACKUP_NOT_FOUND' });
    const missing = new URL(url);
    missing.pathname = '/nowhere';
    const nowhere = lab.restore(missing.href, { backup, tables: TABLES });
    await expect(nowhere).rejects.toMatchObject({ code: 'TARGET_INVALID' });
  });
});

const PROCESS = fileURLToPath(new URL('../../../support/postgres/tables-process.ts', import.meta.url));

async function framesRead(child: ReturnType<typeof fork>, count: number): Promise<void> {
  let seen = 0;
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.on('message', () => {
      if (++seen >= count) resolve();
    });
  });
}

/** Somebody in a transaction that has read and changed a table. */
async function lock(url: string, table: string) {
  const client = new Client({ connectionString: url, application_name: 'reporting' });
  client.on('error', () => {});
  await client.connect();
  await client.query(`BEGIN; SELECT * FROM ${table} LIMIT 1; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  const end = () => client.end().catch(() => {});
  return {
    pid: rows[0].pid as number,
    query: (sql: string) => client.query(sql),
    end,
    [Symbol.asyncDispose]: end,
  };
}

function part(frame: RawFrame, from: number, to?: number): RawFrame {
  return { ...frame, bytes: frame.bytes.subarray(from, to) };
}

function without(frame: RawFrame, from: number, to: number): RawFrame {
  const bytes = Buffer.from(frame.bytes);
  return { ...frame, bytes: Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]) };
}

/** The first such text among the rows is another one, byte by byte. */
function changed(frame: RawFrame, from: string, to: string): RawFrame {
  const bytes = Buffer.from(frame.bytes);
  const at = bytes.indexOf(from, 150);
  const rest = bytes.subarray(at + from.length);
  return { ...frame, bytes: Buffer.concat([bytes.subarray(0, at), Buffer.from(to, 'latin1'), rest]) };
}
