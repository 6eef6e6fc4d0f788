import { truncateSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RawFrame } from '../../lib/engines/engine.ts';
import { sqliteEngine } from '../../lib/engines/sqlite/engine.ts';
import type { Damaged, EngineLab, Transfers, Unusable } from '../contracts/engine/lab.ts';
import {
  createDatabase,
  type Folder,
  filesBeside,
  type JournalMode,
  numberOf,
  temporaryFolder,
  urlOf,
  withDatabase,
} from './sqlite.ts';
import { fingerprint, rowCounts } from './sqlite-fingerprint.ts';
import { sqliteProcess } from './sqlite-process.ts';
import { OTHER, SAMPLE, TOTAL } from './sqlite-sample.ts';

const BUSY_MS = 3_000;

/** A lab whose databases are all in one journal mode, each in a folder of its own. */
export async function sqliteLab(mode: JournalMode): Promise<EngineLab> {
  const folder = temporaryFolder();
  const restore = await sqliteTemporaryFolder(join(folder.path, 'tmp'));
  const make = async (sql: string) => urlOf(createDatabase(folder.file(), mode, sql));
  return {
    engine: sqliteEngine({ busyMs: BUSY_MS, holdMs: 600_000 }),
    busyMs: BUSY_MS,
    patient: sqliteEngine({ busyMs: 600_000, holdMs: 600_000 }),
    total: TOTAL,
    createSample: () => make(SAMPLE),
    createOther: () => make(OTHER),
    createEmpty: () => make('VACUUM'),
    reserve: () => urlOf(folder.file()),
    fingerprint: async (url) => fingerprint(pathOf(url)),
    traces: (url) => filesBeside(pathOf(url)),
    leftovers: (url) => leftovers(dirname(pathOf(url))),
    leftoversOfVerify: () => leftovers(join(folder.path, 'tmp')),
    counts: async (url) => rowCounts(pathOf(url)),
    numberOf: async (url, sql) => numberOf(pathOf(url), sql),
    execute: async (url, statements) => withDatabase(pathOf(url), (it) => it.exec(statements.join(';'))),
    startTransfers: (url) => startTransfers(pathOf(url)),
    lock: (url) => lock(pathOf(url)),
    sever: () => signalEngineChildren('SIGKILL'),
    unusable: () => unusable(folder, mode),
    damaged,
    foreign: () => [frameOf(Buffer.from('CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\n'))],
    cleanup: async () => {
      restore();
      folder[Symbol.dispose]();
    },
  };
}

/** Verify works in the system's temporary folder: this process and its children get one of their own. */
export async function sqliteTemporaryFolder(path: string): Promise<() => void> {
  const before = process.env['TMPDIR'];
  await mkdir(path);
  process.env['TMPDIR'] = path;
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  };
}

function pathOf(url: string): string {
  return url.slice('sqlite:'.length);
}

async function leftovers(path: string): Promise<string[]> {
  const names = await readdir(path).catch(() => []);
  return names.filter((name) => name.includes('.cofre-'));
}

async function startTransfers(path: string): Promise<Transfers> {
  const writer = await sqliteProcess(path);
  await writer.loop('transfers', { pauseMs: 1 });
  return {
    count: () => writer.rounds(),
    stop: async () => {
      const { errors } = await writer.stop();
      await writer[Symbol.asyncDispose]();
      return errors;
    },
  };
}

/** In WAL mode too, a connection in exclusive locking mode keeps even readers away. */
async function lock(path: string): Promise<() => Promise<void>> {
  const owner = await sqliteProcess(path);
  await owner.run('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; PRAGMA user_version = 123');
  return () => owner.kill();
}

/** Sends a signal to the engine's child processes of this process. */
export async function signalEngineChildren(signal: NodeJS.Signals): Promise<void> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (parent === process.pid && command.includes('sqlite/child/')) process.kill(Number(pid), signal);
  }
}

async function unusable(folder: Folder, mode: JournalMode): Promise<Unusable[]> {
  const sample = () => createDatabase(folder.file(), mode, SAMPLE);
  const file = (content: string | Uint8Array) => {
    const path = folder.file();
    writeFileSync(path, content);
    return path;
  };
  const cut = (size: number) => {
    const path = sample();
    truncateSync(path, size);
    return path;
  };
  const noise = crypto.getRandomValues(new Uint8Array(40_960));
  const paths = {
    'nothing there': ['SOURCE_NOT_FOUND', folder.file()],
    'no such folder': ['SOURCE_NOT_FOUND', join(folder.path, 'no', 'such', 'folder')],
    'a path below a file': ['SOURCE_NOT_FOUND', join(sample(), 'below')],
    'a folder': ['SOURCE_INVALID', dirname(folder.file())],
    '0 bytes': ['SOURCE_INVALID', file('')],
    'a text': ['SOURCE_INVALID', file('CREATE TABLE t (a);\n'.repeat(1_000))],
    'encrypted, or noise': ['SOURCE_INVALID', file(noise)],
    'cut at a page': ['SOURCE_DAMAGED', cut(4096 * 700)],
    'cut within a page': ['SOURCE_DAMAGED', cut(4096 * 700 + 1_234)],
    'cut within its first page': ['SOURCE_DAMAGED', cut(300)],
  } as const;
  return Object.entries(paths).map(([title, [code, path]]) => ({ title, code, url: urlOf(path) }));
}

function damaged(frames: readonly RawFrame[]): Damaged[] {
  const changed = (index: number, change: (bytes: Uint8Array) => void) =>
    frames.map((frame, n) => {
      if (n !== index) return frame;
      const bytes = Uint8Array.from(frame.bytes);
      change(bytes);
      return { ...frame, bytes };
    });
  return [
    { title: 'no frame', frames: [] },
    { title: 'the last frame is missing', frames: frames.slice(0, -1) },
    { title: 'a frame in the middle is missing', frames: frames.toSpliced(1, 1) },
    {
      title: 'two frames have changed places',
      frames: [frames[0]!, frames[2]!, frames[1]!, ...frames.slice(3)],
    },
    { title: 'pages are overwritten', frames: changed(1, (bytes) => bytes.fill(0xff, 8_192, 40_960)) },
    { title: 'a page type is wrong', frames: changed(0, (bytes) => bytes.fill(0x77, 4_096, 4_097)) },
    { title: 'the header is wrong', frames: changed(0, (bytes) => bytes.fill(0, 16, 60)) },
  ];
}

function frameOf(bytes: Uint8Array): RawFrame {
  return { section: 'data', rows: 0, bytes };
}
