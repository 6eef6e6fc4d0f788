import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../servers/postgres/data-folder.ts';
import type { PostgresServer } from '../../servers/postgres/server.ts';

const here = import.meta.dirname;

/**
 * - `chinook`: a small shop, as most databases are.
 * - `every-kind`: every kind of object that pg_dump knows, and every kind of value; see `every-kind/`.
 * - `wide`: a table of 1,600 columns, a value of 3 MB, and tables of many frames.
 * - `occupied`: what is in the way of a restore: the names of `every-kind`, used for something else.
 */
export type SampleName = 'chinook' | 'every-kind' | 'wide' | 'occupied';

/** Roles and the tablespace that the samples name; they belong to a server, not to a database. */
const ROLES = ['owner_a', 'Owner "B"', 'reader'];

/** Makes a database with a sample in it, and gives its URL. @throws Error when the server refuses a part of it */
export async function loadSample(server: PostgresServer, name: SampleName): Promise<string> {
  await makeGlobals(server);
  const url = await server.createDatabase();
  const database = new URL(url).pathname.slice(1);
  for (const script of scriptsOf(name, server.major)) await server.sql(database, script);
  return url;
}

async function makeGlobals(server: PostgresServer): Promise<void> {
  const there = await server.sql('postgres', `SELECT 1 FROM pg_roles WHERE rolname = '${ROLES[0]}'`);
  if (there !== '') return;
  for (const role of ROLES) await server.createRole(role);
  const folder = makeFolder(join(server.folder, 'space-'));
  await server.sql('postgres', `CREATE TABLESPACE "fast space" LOCATION '${folder}'`);
}

function scriptsOf(name: SampleName, major: number): readonly string[] {
  if (name === 'every-kind') return everyKind(major);
  return [name === 'chinook' ? chinook() : read(`${name}.sql`)];
}

/** The file makes a database of its own and connects to it; we have one. */
function chinook(): string {
  const file = readFileSync(join(here, '../../data/chinook-postgres.sql'), 'utf8');
  return file.replace(/^(DROP|CREATE) DATABASE .*;$/gm, '').replace(/^\\c .*$/gm, '');
}

/** Ordered by name; files called `since-N` are for that major version and later ones. */
function everyKind(major: number): string[] {
  const files = readdirSync(join(here, 'every-kind')).sort();
  const since = (file: string) => Number(/^since-(\d+)/.exec(file)?.[1] ?? 0);
  return files.filter((file) => since(file) <= major).map((file) => read(join('every-kind', file)));
}

function read(file: string): string {
  return readFileSync(join(here, file), 'utf8');
}
