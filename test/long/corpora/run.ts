// Databases made of other people's scripts, backed up and restored: see ../README.md.
import { appendFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { PostgresVersion } from '../../servers/postgres/server.ts';
import { type Outcome, tryDatabase } from './outcome.ts';
import { mysqlPlace, type Place, postgresPlace } from './place.ts';
import { type Corpus, corporaIn, scriptOf } from './scripts.ts';
import { describeOutcome, table } from './table.ts';

const { values } = parseArgs({
  options: {
    postgres: { type: 'string' },
    version: { type: 'string', default: '18' },
    mysql: { type: 'string' },
    mariadb: { type: 'string' },
    together: { type: 'boolean', default: false },
    every: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '600' },
    lines: { type: 'string' },
  },
});

const FOLDERS = [
  { folder: values.postgres, open: () => postgresPlace(toVersion(values.version)) },
  { folder: values.mysql, open: () => mysqlPlace('mysql') },
  { folder: values.mariadb, open: () => mysqlPlace('mariadb') },
];

function toVersion(given: string): PostgresVersion {
  return (/^\d+$/.test(given) ? Number(given) : given) as PostgresVersion;
}

async function runFolder(folder: string, open: () => Promise<Place>): Promise<void> {
  const ends = Date.now() + Number(values.minutes) * 60_000;
  const all = corporaIn(resolve(folder), values.together);
  const corpora = all.filter((_, index) => index % Number(values.every) === 0);
  const outcomes: Outcome[] = [];
  let place = await open();
  for (const corpus of corpora) {
    if (Date.now() > ends) break;
    const outcome = await runCorpus(place, corpus);
    outcomes.push(outcome);
    tell(place, corpus, outcome);
    if (await isUpSoon(place)) continue;
    console.log(`The server went down with ${corpus.name}; another one goes on.`);
    await place.stop();
    place = await open();
  }
  await place.stop();
  console.log(
    `\n${table(place.title, outcomes)}\n${all.length - outcomes.length} of ${all.length} not tried.`,
  );
}

async function runCorpus(place: Place, { name, files }: Corpus): Promise<Outcome & { errors: number }> {
  const url = await place.makeDatabase();
  let errors = 0;
  for (const file of files) {
    errors += (await place.load(url, scriptOf(file), dirname(file))).length;
    await isUpSoon(place);
  }
  return { ...(await tryDatabase(url, nameFor(name))), errors };
}

/** PostgreSQL comes back by itself after a crash. */
async function isUpSoon(place: Place): Promise<boolean> {
  for (let tries = 0; tries < 20; tries++) {
    if (await place.isUp()) return true;
    await new Promise((done) => setTimeout(done, 500));
  }
  return false;
}

/** As names of databases are in a configuration. */
function nameFor(name: string): string {
  return `c-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`.slice(0, 40).replace(/-$/, '');
}

function tell({ title }: Place, { name }: Corpus, outcome: Outcome & { errors?: number }): void {
  console.log(describeOutcome(name, outcome));
  if (values.lines !== undefined) {
    appendFileSync(values.lines, `${JSON.stringify({ server: title, name, ...outcome })}\n`);
  }
}

for (const { folder, open } of FOLDERS) if (folder !== undefined) await runFolder(folder, open);
