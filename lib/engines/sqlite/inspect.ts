import { type FileHandle, stat, statfs } from 'node:fs/promises';
import { CofreError } from '../../errors.ts';
import type { DatabaseInfo, EngineContext } from '../engine.ts';
import type { FileFacts } from './child/protocol.ts';
import { damaged, explaining, hasCode, type Role, unreachable } from './file/failures.ts';
import { databaseFile } from './file/path.ts';
import { openSession } from './file/session.ts';

/** File system magic of NFS, which EFS speaks (statfs(2)). */
const NFS = 0x6969;

export async function inspect(url: string, context: EngineContext): Promise<DatabaseInfo> {
  const path = await databaseFile(url);
  const size = await fileSize(path);
  if (size === undefined) return { exists: false, version: '', size: 0, warnings: [] };
  const session = openSession(context.signal);
  try {
    const facts = await explaining('source', path, () => session.ask('inspect', { path }));
    return { exists: true, version: facts.version, size, warnings: await warningsOf(path, facts) };
  } finally {
    await session.end();
  }
}

/** Bytes of the file, `undefined` when there is none. @throws {CofreError} `SOURCE_INVALID` or `TARGET_INVALID` */
export async function fileSize(path: string, role: Role = 'source'): Promise<number | undefined> {
  try {
    const found = await stat(path);
    if (found.isFile()) return found.size;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw unreachable(role, path, error);
  }
  throw new CofreError(role === 'source' ? 'SOURCE_INVALID' : 'TARGET_INVALID', `${path} is not a file.`, {
    hint: 'Give the path of the database file.',
  });
}

/** @throws {CofreError} `SOURCE_NOT_FOUND`, or `SOURCE_INVALID` for a file of 0 bytes. */
export async function requireFile(path: string): Promise<number> {
  const size = await fileSize(path);
  if (size === undefined) {
    throw new CofreError('SOURCE_NOT_FOUND', `There is no database at ${path}.`, {
      hint: 'Check the path in the URL or in the configuration; relative paths count from the folder of cofre.json.',
    });
  }
  if (size === 0) {
    throw new CofreError('SOURCE_INVALID', `${path} has 0 bytes: it is empty, not a database.`, {
      hint: 'Check that the application really uses this file.',
    });
  }
  return size;
}

/** @throws {CofreError} `SOURCE_BUSY` when another file has taken the name since `file` was opened. */
export async function requireSameFile(path: string, file: FileHandle): Promise<void> {
  const [now, opened] = [await stat(path).catch(() => undefined), await file.stat()];
  if (now?.ino === opened.ino && now.dev === opened.dev) return;
  throw new CofreError('SOURCE_BUSY', `${path} was replaced by another file just now.`, {
    hint: 'Try again.',
  });
}

/** @throws {CofreError} `SOURCE_DAMAGED` when the file is shorter than its own header says. */
export function requireAllPages(path: string, size: number, facts: FileFacts): void {
  if (size >= facts.pages * facts.pageSize) return;
  throw damaged(path, [
    `it has ${size} bytes, its header says ${facts.pages * facts.pageSize}: it is cut short`,
  ]);
}

/** SQLite's write-ahead log needs shared memory, which does not span hosts (https://www.sqlite.org/wal.html, 1). */
export async function warningsOf(path: string, facts: FileFacts): Promise<string[]> {
  if (facts.journalMode !== 'wal' || (await statfs(path)).type !== NFS) return [];
  return [
    `${path} is in WAL mode on a network file system: that is only safe while a single host uses it. ` +
      'Use PRAGMA journal_mode = DELETE when several do.',
  ];
}
