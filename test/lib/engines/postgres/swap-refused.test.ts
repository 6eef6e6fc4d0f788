import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RawFrame } from '../../../../lib/engines/engine.ts';
import type { CofreError } from '../../../../lib/errors.ts';
import { failureOf, refusalOf, replay } from '../../../contracts/engine/harness.ts';
import { OTHER, SAMPLE } from '../../../support/postgres/contract-sample.ts';
import {
  databaseOf,
  type Frames,
  inputOf,
  type SwapLab,
  swapLab,
  withParts,
} from '../../../support/postgres/swap-lab.ts';

let lab: SwapLab;
let backup: Frames;
let copy: string;
beforeAll(async () => {
  lab = await swapLab(18);
  const source = await lab.make(SAMPLE);
  backup = await lab.take(source);
  copy = await lab.copyOf(source);
});
afterAll(() => lab.server.stop());

/** Runs `fail`; nothing may be other than before. */
async function unchanged(target: string, fail: () => Promise<void>): Promise<void> {
  const before = [await lab.fingerprint(target), await lab.databases()];
  await fail();
  expect([await lab.fingerprint(target), await lab.databases()]).toEqual(before);
  expect(await lab.leftovers()).toEqual([]);
}

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'a web shop' });
  client.on('error', () => {});
  await client.connect();
  return client;
}

test('a client that stays is named, and the target as before; it is ended when told to', async () => {
  const target = await lab.make(OTHER);
  const client = await connected(target);
  await unchanged(target, async () => {
    const error = (await failureOf(lab.swap(target, inputOf(backup)))) as CofreError;
    expect([error.code, error.message]).toEqual(['TARGET_BUSY', expect.stringContaining("'a web shop'")]);
    expect(error.hint).toContain('--terminate-connections');
  });
  await lab.swap(target, inputOf(backup), { terminateConnections: true });
  expect(await lab.fingerprint(target)).toBe(copy);
  await expect(client.query('SELECT 1')).rejects.toThrow();
});

test('a client that leaves in time is waited for', async () => {
  const target = await lab.make(OTHER);
  const client = await connected(target);
  const fenced = Promise.withResolvers<void>();
  const report = ({ phase }: { phase: string }) => {
    if (phase === 'install') setTimeout(() => void client.end(), 700);
  };
  await lab.swap(target, inputOf(backup), {}, { report, fence: async () => fenced.resolve() });
  await fenced.promise;
  expect(await lab.fingerprint(target)).toBe(copy);
});

test('roles without the rights are told so, and of the other mode', async () => {
  const target = await lab.make(OTHER, 'rights');
  await lab.server.createRole('poor');
  await lab.server.createRole('other_owner', 'CREATEDB');
  await lab.sql('GRANT ALL ON DATABASE rights TO poor, other_owner');
  for (const [user, why] of [
    ['poor', 'may not create databases'],
    ['other_owner', 'neither its owner'],
  ] as const) {
    await unchanged(target, async () => {
      const error = (await failureOf(
        lab.swap(lab.server.url('rights', user), inputOf(backup)),
      )) as CofreError;
      expect([error.code, error.message]).toEqual(['RESTORE_REFUSED', expect.stringContaining(why)]);
      expect(error.hint).toContain('--mode transaction');
    });
  }
});

test('an owner with CREATEDB and no other rights can swap', async () => {
  await lab.server.createRole('plain_owner', 'CREATEDB');
  await lab.sql('CREATE DATABASE owned OWNER plain_owner TEMPLATE template0');
  const url = lab.server.url('owned', 'plain_owner');
  await lab.tools.psql(url, 'CREATE TABLE t AS SELECT 1 AS a');
  const own = await lab.take(url);
  await lab.tools.psql(url, 'INSERT INTO t VALUES (2)');
  const result = await lab.swap(url, inputOf(own));
  expect(await lab.sql('SELECT string_agg(a::text, $$,$$) FROM t', 'owned')).toBe('1');
  expect(result.warnings.length).toBe(1);
});

test('what is tied to the old database is refused: a slot, a prepared transaction', async () => {
  const target = await lab.make(OTHER);
  const name = databaseOf(target);
  const cases = [
    [
      "SELECT pg_create_logical_replication_slot('tap', 'pgoutput')",
      'slot tap',
      "SELECT pg_drop_replication_slot('tap')",
    ],
    [
      "BEGIN; INSERT INTO accounts VALUES ('x'); PREPARE TRANSACTION 'later'",
      "'later'",
      "ROLLBACK PREPARED 'later'",
    ],
  ] as const;
  for (const [begin, why, end] of cases) {
    await lab.sql(begin, name);
    await unchanged(target, async () => {
      const error = (await failureOf(lab.swap(target, inputOf(backup)))) as CofreError;
      expect([error.code, error.message]).toEqual(['RESTORE_REFUSED', expect.stringContaining(why)]);
    });
    await lab.sql(end, name);
  }
});

test('a damaged dump is BACKUP_DAMAGED, an error of its source is passed on, and all is as before', async () => {
  const target = await lab.make(OTHER);
  const { frames } = backup;
  const rows = frames.findIndex(({ table, rows }) => table === 'public.notes' && rows > 0);
  const changed = (at: number, change: (bytes: Buffer) => Uint8Array): RawFrame[] =>
    frames.map((frame, n) => (n === at ? { ...frame, bytes: change(Buffer.from(frame.bytes)) } : frame));
  const { expected } = inputOf(backup);
  const damaged = {
    'no rows of a table': frames.filter(({ table }) => table !== 'public.accounts'),
    'a frame twice, one of another table missing': frames
      .toSpliced(rows, 0, frames[rows]!)
      .filter(({ table }) => table !== 'public.accounts'),
    'a row cut': changed(rows, (bytes) => Buffer.from(bytes.toString('latin1').replace('\t', ' '), 'latin1')),
    'a statement cut': changed(0, (bytes) => bytes.subarray(0, -100)),
    'the end missing': frames.slice(0, -1),
    'a key that is not unique': changed(frames.length - 1, (bytes) =>
      Buffer.concat([Buffer.from('ALTER TABLE public.notes ADD CONSTRAINT k UNIQUE (mood);\n'), bytes]),
    ),
  };
  for (const [title, parts] of Object.entries(damaged)) {
    for (const inputs of [{ frames: replay(parts) }, withParts({ frames: parts })]) {
      await unchanged(target, async () => {
        const input = { ...inputs, expected: expected! };
        expect(await refusalOf(lab.swap(target, input)), title).toBe('BACKUP_DAMAGED');
      });
    }
  }
  // The same size and rows as expected, but a table that nobody speaks of.
  const silent = frames.filter(({ table }) => table !== 'public.nothing_yet');
  const error = (await failureOf(lab.swap(target, inputOf({ frames: silent })))) as CofreError;
  expect([error.code, error.message]).toEqual(['BACKUP_DAMAGED', expect.stringContaining('nothing_yet')]);
  const failure = Object.assign(new Error('the store failed'), { code: '57P01' });
  const failing = replay(frames.slice(0, rows + 3), () => {
    throw failure;
  });
  await unchanged(target, async () => {
    expect(await failureOf(lab.swap(target, { frames: failing }))).toBe(failure);
  });
});

test('a fence that throws, or never ends before an abort, leaves all as before', async () => {
  const target = await lab.make(OTHER);
  const lost = new Error('the lease is lost');
  await unchanged(target, async () => {
    const fence = () => Promise.reject(lost);
    expect(await failureOf(lab.swap(target, inputOf(backup), {}, { fence }))).toBe(lost);
  });
  await unchanged(target, async () => {
    const controller = new AbortController();
    const fence = () => {
      controller.abort(lost);
      return new Promise<void>(() => {});
    };
    const { signal } = controller;
    expect(await failureOf(lab.swap(target, inputOf(backup), {}, { fence, signal }))).toBe(lost);
  });
});
