// `npm run bench [-- --engine sqlite|postgres|mysql|mariadb] [--size GIB] [--rounds N]`: see bench/README.md.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './measure.ts';
import { mysqlSuite } from './mysql/mysql.ts';
import { postgres } from './postgres/postgres.ts';
import { machine, type Result, table } from './report.ts';
import { sqlite } from './sqlite.ts';
import type { Bed, Case } from './suite.ts';

const ROOT = resolve(import.meta.dirname, '..');
const SUITES = { sqlite, postgres, mysql: mysqlSuite('mysql'), mariadb: mysqlSuite('mariadb') };

const { values } = parseArgs({
  options: {
    engine: { type: 'string', multiple: true, default: Object.keys(SUITES) },
    size: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    write: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

async function measureCase(it: Case, rounds: number, folder: string): Promise<Result> {
  const runs = { cofre: [] as Result['cofre'][number][], other: [] as Result['other'][number][] };
  for (let round = 0; round < rounds; round++) {
    for (const side of ['cofre', 'other'] as const) {
      await run(it.before, folder);
      runs[side].push(await run(it[side], folder));
    }
    console.log(`${it.name} (${it.otherName}): round ${round + 1} of ${rounds}`);
  }
  return { it, ...runs };
}

async function measureAll({ prepare, cases }: Bed, rounds: number, folder: string): Promise<Result[]> {
  await run(prepare, folder);
  const results: Result[] = [];
  for (const it of cases) results.push(await measureCase(it, rounds, folder));
  return results;
}

async function measureSuite(name: keyof typeof SUITES, gib: number, rounds: number): Promise<void> {
  const suite = SUITES[name];
  const folder = join(ROOT, '.cache/bench', name);
  mkdirSync(folder, { recursive: true });
  const cofre = `${process.execPath} ${join(ROOT, 'dist/cofre.mjs')}`;
  await using bed = await suite.open({ cofre, folder, gib });
  const results = await measureAll(bed, rounds, folder);
  for (const left of ['out', 'made']) rmSync(join(folder, left), { recursive: true, force: true });
  const heading = `## ${suite.title}, ${gib} GiB, ${rounds} rounds, ${new Date().toISOString().slice(0, 10)}`;
  const text = `${heading}\n\n${machine(bed.versions)}\n\n${table(results)}\n`;
  console.log(`\n${text}`);
  const file = `results-${name}${gib === 1 ? '' : `-${gib}-gib`}.md`;
  if (values.write) writeFileSync(join(ROOT, 'bench', file), `# Benchmark results\n\n${text}`);
}

execFileSync(process.execPath, [join(ROOT, 'infra/build.ts')], { stdio: 'inherit' });
for (const name of values.engine) {
  if (!Object.hasOwn(SUITES, name)) throw new Error(`There is no benchmark of ${name}.`);
  await measureSuite(name as keyof typeof SUITES, Number(values.size), Number(values.rounds));
}
