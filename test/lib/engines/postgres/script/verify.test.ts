import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { EngineProgress, Expected, RawFrame } from '../../../../../lib/engines/engine.ts';
import { verify } from '../../../../../lib/engines/postgres/verify.ts';
import { contextOf, replay } from '../../../../contracts/engine/harness.ts';
import { codeOf, messageOf } from './reading.ts';

const WHOLE = [
  "-- PostgreSQL database dump\nSET client_encoding = 'UTF8';\nCREATE TABLE public.b (x text, y text);\n",
  'COPY public.b (x, y) FROM stdin;\n1\té\n\\\\\t\\N\n\\N\t\\\\\n\\.\n\n',
  'COPY public.none  FROM stdin;\n\n\n\\.\n\n',
  'COPY public.a (x) FROM stdin;\n\\.\n\n',
  'COPY public.b (x, y) FROM stdin;\na\\\tb\tc\n\\.\n\n',
  '-- Cofre: 3 tables, 6 rows\n-- PostgreSQL database dump complete\n',
];

const TABLES = [
  { name: 'public.a', rows: 0 },
  { name: 'public.b', rows: 4 },
  { name: 'public.none', rows: 2 },
];

function framesOf(texts: readonly (string | Uint8Array)[]): RawFrame[] {
  return texts.map((text) => ({ section: 'data', rows: 0, bytes: Buffer.from(text as string) }));
}

function verifying(texts: readonly (string | Uint8Array)[], expected?: Expected) {
  return verify({ frames: replay(framesOf(texts)), ...(expected && { expected }) }, contextOf());
}

const sizeOf = (texts: readonly string[]) => Buffer.byteLength(texts.join(''));

test('counts rows of all tables, sorted, over several blocks, with and without a manifest', async () => {
  const result = { tables: TABLES, rows: 6, warnings: [] };
  expect(await verifying(WHOLE)).toEqual(result);
  expect(await verifying([WHOLE.join('')])).toEqual(result);
  expect(await verifying(WHOLE, { rawSize: sizeOf(WHOLE), tables: TABLES })).toEqual(result);
  const reordered = [0, 4, 2, 3, 1, 5].map((n) => WHOLE[n]!);
  expect(await verifying(reordered, { rawSize: sizeOf(WHOLE), tables: TABLES })).toEqual(result);
});

test('few bytes are counted wherever they lie in memory', async () => {
  for (let padding = 0; padding < 8; padding++) {
    for (const row of ['\n', '1\n', '12\n', '123\n', '1234567\n']) {
      const script = `--${'-'.repeat(padding)}\nCOPY t (a) FROM stdin;\n${row}\\.\n`;
      expect(await verifying([script])).toMatchObject({ rows: 1 });
    }
  }
});

test('a row with a column too few or too many is damaged, wherever it is and whatever comes before it', async () => {
  const rows = Array.from({ length: 200 }, (_, n) => `${'x'.repeat(n % 17)}\t${'y'.repeat(n % 5)}\n`);
  for (const bad of ['one\n', 'one\ttwo\tthree\n', 'one\\\ttwo\n', '\n']) {
    for (const at of [0, 1, 2, 3, 50, 199, 200]) {
      const data = rows.toSpliced(at, 0, bad).join('');
      const message = await messageOf(() => verifying([`COPY t (a, b) FROM stdin;\n${data}\\.\n`]));
      expect(message).toMatch(new RegExp(`^BACKUP_DAMAGED: .* in row ${at + 1} of t\\.$`));
    }
  }
  expect(await verifying([`COPY t (a, b) FROM stdin;\n${rows.join('')}\\.\n`])).toMatchObject({ rows: 200 });
});

test('bytes that are no UTF-8 are damaged where they have to be, in rows and statements', async () => {
  const latin = Buffer.from("COPY t (a) FROM stdin;\n\xe9\n\\.\nSELECT '\xe9';", 'latin1');
  const codes = [latin, latin.subarray(0, 28), latin.subarray(28)].map((file) =>
    codeOf(() => verifying([file])),
  );
  expect(await Promise.all(codes)).toEqual(['BACKUP_DAMAGED', 'BACKUP_DAMAGED', 'BACKUP_DAMAGED']);
  expect(await verifying(["SET client_encoding = 'LATIN1';\n", latin])).toMatchObject({ rows: 1 });
});

test('what the manifest says otherwise is damaged (6 manifests)', async () => {
  const rawSize = sizeOf(WHOLE);
  const wrong = [
    { rawSize: rawSize + 1, tables: TABLES },
    { rawSize: rawSize - 1, tables: TABLES },
    { rawSize, tables: TABLES.slice(1) },
    { rawSize, tables: [...TABLES, { name: 'public.c', rows: 0 }] },
    { rawSize, tables: TABLES.with(0, { name: 'public.a', rows: 1 }) },
    { rawSize, tables: TABLES.with(1, { name: 'public.b', rows: 3 }) },
  ];
  for (const expected of wrong) {
    expect(await codeOf(() => verifying(WHOLE, expected))).toBe('BACKUP_DAMAGED');
  }
});

test('progress counts up to the size, frames are given back once they were read', async () => {
  const events: unknown[] = [];
  const frames = framesOf(WHOLE).map((frame) => ({
    ...frame,
    release: () => {
      events.push('released');
      (frame.bytes as Buffer).fill(0);
    },
  }));
  const report = ({ phase, bytes }: EngineProgress) => events.push(`${phase} ${bytes}`);
  await verify({ frames: replay(frames) }, contextOf({ report }));
  const sizes = WHOLE.map((_, n) => `check ${sizeOf(WHOLE.slice(0, n + 1))}`);
  expect(events).toEqual(sizes.flatMap((size) => ['released', size]));
});

/** Two frames of 4 MiB at a time, parts of 1 MiB, and what Node takes by itself (about 50 MiB). */
const LIMIT_MIB = 150;

test('a dump with a row of 400 MB is verified by a process that stays under 150 MiB', async () => {
  const child = fork(fileURLToPath(new URL('./long-row-process.ts', import.meta.url)));
  const [rows, peakKiB] = await new Promise<number[]>((resolve, reject) => {
    child.once('message', (message) => resolve(message as number[]));
    child.once('exit', (code) => reject(new Error(`exit ${code}`)));
  });
  expect(rows).toBe(2);
  expect(peakKiB! / 1024).toBeLessThan(LIMIT_MIB);
});
