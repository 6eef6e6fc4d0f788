import { realpath } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { CofreError } from '../../../errors.ts';
import type { FileUrls } from '../../urls.ts';

export const sqliteUrls: FileUrls = {
  kind: 'file',
  schemes: ['sqlite'],
  example: 'sqlite:./file.sqlite3',
  pathIn: (url) => url.replace(/^sqlite:(\/\/(?=\/))?/i, ''),
  /** The stem of the file. */
  nameIn: (url) => {
    const [, path = ''] = /^[^:]*:([^?#]*)/s.exec(url) ?? [];
    return basename(path, extname(path));
  },
  atFolder: (url, folder) =>
    url.replace(
      /^(sqlite:)(?!\/)(.+)$/s,
      (_, scheme: string, path: string) => scheme + resolve(folder, path),
    ),
};

/**
 * File path of a SQLite URL: `sqlite:./relative.sqlite3`, `sqlite:/absolute` or `sqlite:///absolute`. What follows the
 * colon is taken as it is: `#`, `?` and `%` are parts of the name.
 * @throws {CofreError} `USAGE` for anything else.
 */
export function databasePath(url: string): string {
  const rest = /^sqlite:(.*)$/is.exec(url)?.[1];
  if (!rest || rest.includes('\0') || /^\/\/(?!\/)/.test(rest)) {
    throw new CofreError('USAGE', `Not a SQLite URL: ${url}`, {
      hint: 'Write sqlite:./file.sqlite3 or sqlite:///folder/file.',
    });
  }
  return resolve(rest.replace(/^\/\/(?=\/)/, ''));
}

/** The same path with symbolic links followed, as SQLite does: its companions lie beside the file itself. */
export async function databaseFile(url: string): Promise<string> {
  const path = databasePath(url);
  return await realpath(path).catch(() => path);
}

/** Files that SQLite keeps beside a database (https://www.sqlite.org/tempfiles.html). */
export function companions(path: string): string[] {
  return [`${path}-wal`, `${path}-shm`, `${path}-journal`];
}
