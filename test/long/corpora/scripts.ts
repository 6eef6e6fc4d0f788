import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { statementsOf } from './mysqltest.ts';

/** One database to be made: the scripts that are loaded into it, one after the other. */
export interface Corpus {
  readonly name: string;
  readonly files: readonly string[];
}

/**
 * What is in a folder: a file is a database of its own, and so is a folder in it with all scripts below it.
 * `together`: all of them make one database, in the order of PostgreSQL's `parallel_schedule` where there is one.
 */
export function corporaIn(folder: string, together: boolean): Corpus[] {
  const found = readdirSync(folder)
    .sort()
    .map((name) => ({ name, files: filesBelow(join(folder, name)) }))
    .filter(({ files }) => files.length > 0);
  if (!together) return found;
  const files = found.flatMap((it) => it.files);
  return [{ name: basename(dirname(folder)), files: inOrder(files, join(folder, '../parallel_schedule')) }];
}

function filesBelow(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The tests of a schedule build upon each other; those that it does not name are left out. */
function inOrder(files: readonly string[], schedule: string): string[] {
  if (!existsSync(schedule)) return [...files];
  const lines = readFileSync(schedule, 'utf8').matchAll(/^test:(.*)$/gm);
  const names = [...lines].flatMap(([, tests = '']) => tests.trim().split(/\s+/));
  const byName = new Map(files.map((file) => [basename(file, '.sql'), file]));
  return names.flatMap((name) => byName.get(name) ?? []);
}

/** A script as the server's client takes it. */
export function scriptOf(file: string): Uint8Array {
  const bytes = file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file);
  return file.endsWith('.test') ? Buffer.from(statementsOf(bytes.toString('latin1')), 'latin1') : bytes;
}
