// `npm run bench [-- --size GIB] [--rounds N]`: see bench/README.md.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeSampleDatabase } from '../infra/local/sample.ts';
import { cases, prepare } from './cases.ts';
import { run } from './measure.ts';
import { machine, type Result, table } from './report.ts';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDER = join(ROOT, '.cache/bench');
/** Tickets that make a GiB of database with their comments, measured. */
const TICKETS_PER_GIB = 433_000;

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    write: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

function makeDatabase(gib: number): string {
  const name = `helpdesk-${gib}-gib.sqlite3`;
  mkdirSync(FOLDER, { recursive: true });
  const tickets = Math.round(gib * TICKETS_PER_GIB);
  if (
    makeSampleDatabase(join(FOLDER, name), { users: Math.ceil(tickets / 24), tickets, commentsPerTicket: 4 })
  ) {
    console.log(`Made ${name}: ${(statSync(join(FOLDER, name)).size / 1024 ** 3).toFixed(2)} GiB`);
  }
  return name;
}

async function measureAll(database: string, rounds: number): Promise<Result[]> {
  const cofre = `${process.execPath} ${join(ROOT, 'dist/cofre.mjs')}`;
  const options = { cofre, database };
  await run(prepare(options), FOLDER);
  const results: Result[] = [];
  for (const it of cases(options)) {
    const result: { it: typeof it; cofre: Result['cofre'][number][]; other: Result['other'][number][] } = {
      it,
      cofre: [],
      other: [],
    };
    for (let round = 0; round < rounds; round++) {
      for (const side of ['cofre', 'other'] as const) {
        await run(it.before, FOLDER);
        result[side].push(await run(it[side], FOLDER));
      }
      console.log(`${it.name}: round ${round + 1} of ${rounds}`);
    }
    results.push(result);
  }
  return results;
}

function version(command: string, args: string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8' }).split('\n')[0]!.trim();
  } catch {
    throw new Error(
      `The benchmark compares with ${command}: install it (Debian: apt-get install sqlite3 zstd).`,
    );
  }
}

const versions = `SQLite shell ${version('sqlite3', ['--version']).split(' ')[0]}, ${/v[\d.]+/.exec(version('zstd', ['--version']))?.[0]} of zstd`;
execFileSync(process.execPath, [join(ROOT, 'infra/build.ts')], { stdio: 'inherit' });
const gib = Number(values.size);
const rounds = Number(values.rounds);
const results = await measureAll(makeDatabase(gib), rounds);
rmSync(join(FOLDER, 'out'), { recursive: true, force: true });
const heading = `## SQLite, ${gib} GiB, ${rounds} rounds, ${new Date().toISOString().slice(0, 10)}`;
const text = `${heading}\n\n${machine(versions)}\n\n${table(results)}\n`;
console.log(`\n${text}`);
if (values.write)
  writeFileSync(
    join(ROOT, `bench/results${gib === 1 ? '' : `-${gib}-gib`}.md`),
    `# Benchmark results\n\n${text}`,
  );
