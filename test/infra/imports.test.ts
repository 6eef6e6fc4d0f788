import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HOUSES } from '../../infra/imports/rules.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CHECK = resolve(ROOT, 'infra/imports/check.ts');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cofre-imports-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A tree with nothing wrong in it, but for `files`. */
async function plant(files: Record<string, string>) {
  const right = { 'lib/errors.ts': '', 'functions/api.ts': '', 'infra/build.ts': '' };
  for (const [file, text] of Object.entries({ ...right, ...files })) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
}

/** The check itself, run on the folder: its exit code, and what it says, a line each. */
function check(root = folder) {
  return new Promise<{ code: unknown; said: string[] }>((done) => {
    execFile(process.execPath, [CHECK, root], (error, stdout, stderr) =>
      done({ code: error ? error.code : 0, said: `${stdout}${stderr}`.trim().split('\n') }),
    );
  });
}

const WRONG = [
  ['lib/prune.ts', '../infra/build.ts', 'lib/ does not know who calls it'],
  ['lib/cli/main.ts', '../../functions/api.ts', 'lib/ does not know who calls it'],
  ['lib/prune.ts', './cli/main.ts', 'lib/ does not know who calls it'],
  ['functions/api.ts', '../infra/local/serve.ts', 'Handlers do not know where they run'],
  ['functions/api.ts', '../lib/engines/engine.ts', 'Handlers call verbs, not engines.'],
  ['infra/local/serve.ts', '../../lib/engines/engine.ts', 'Handlers call verbs, not engines.'],
  ['infra/app.ts', '../test/servers/mail.ts', 'the project has no such room'],
  ['lib/errors.ts', './config.ts', 'What all share'],
  ['lib/prune.ts', '@aws-sdk/client-s3', 'The AWS SDK belongs into'],
  ['lib/store/directory.ts', '@aws-sdk/client-s3', 'The AWS SDK belongs into'],
  ['lib/cli/stack/session.ts', '@aws-sdk/client-lambda', 'The AWS SDK belongs into'],
  ['lib/cli/output.ts', '../engines/engine.ts', 'The command line calls verbs, not engines.'],
  ['lib/store/store.ts', '../archive/names.ts', 'A store knows bytes and keys'],
  ['lib/store/s3.ts', '../engines/engine.ts', 'A store knows bytes and keys'],
  ['lib/engines/engine.ts', '../store/store.ts', 'An engine knows its database system'],
  ['lib/engines/mysql/dump.ts', '../../backup.ts', 'An engine knows its database system'],
  ['lib/archive/names.ts', '../catalog.ts', 'Verbs import this room, never the reverse.'],
  ['lib/jobs/job.ts', '../tasks/backup.ts', 'Verbs import this room, never the reverse.'],
  ['lib/notify/mail.ts', '../engines/engine.ts', 'Mail knows of backups, not how they are made.'],
  ['lib/notify/mail.ts', '../jobs/job.ts', 'Mail knows of backups, not how they are made.'],
  ['lib/notify/mail.ts', '../tasks/mail.ts', 'Mail knows of backups, not how they are made.'],
  ['lib/tasks/mail.ts', '../cli/main.ts', 'lib/ does not know who calls it'],
  ['lib/engines/mysql/dump.ts', '../postgres/wire/url.ts', 'Engines know nothing of each other.'],
  ['lib/engines/sqlite/dump.ts', '../mysql/engine.ts', 'Engines know nothing of each other.'],
  [
    'lib/engines/sql/load/pool.ts',
    '../../sqlite/engine.ts',
    'What the SQL engines share knows none of them.',
  ],
  ['lib/engines/content/content.ts', '../engine.ts', 'without knowing any engine'],
  ['lib/engines/engine.ts', './registry.ts', 'The contract knows no engine.'],
  ['lib/engines/postgres/wire/url.ts', '../swap/load.ts', 'The folders of an engine'],
  ['lib/engines/postgres/restore-test/mark.ts', '../sweep.ts', 'The folders of an engine'],
  ['lib/engines/mysql/swap/plan.ts', '../in-place/empty.ts', 'The folders of an engine'],
  ['lib/engines/sqlite/child/main.ts', '../file/wal.ts', 'The folders of an engine'],
] as const;

test.each(WRONG)('%s must not import %s', async (file, name, because) => {
  await plant({ [file]: `\nimport { it } from '${name}';\n` });
  const target = name.startsWith('.') ? join(dirname(file), name) : name;
  const { code, said } = await check();
  expect(code).toBe(1);
  expect(said).toEqual([expect.stringContaining(`${file}:2 imports ${target}: `)]);
  expect(said[0]).toContain(because);
});

test.each([
  "import type { It } from '../postgres/engine.ts';",
  "import { type It } from '../postgres/engine.ts';",
  "import '../postgres/engine.ts';",
  "export type { It } from '../postgres/engine.ts';",
  "export * from '../postgres/engine.ts';",
  "export const it = await import('../postgres/engine.ts');",
  "export type It = import('../postgres/engine.ts').It;",
  "import {\n  type It,\n} from '../postgres/engine.ts';",
])('every way to import is seen: %s', async (text) => {
  await plant({ 'lib/engines/mysql/dump.ts': `// import '../swap.ts'\n${text}\n` });
  const { code, said } = await check();
  expect(code).toBe(1);
  expect(said).toEqual([
    'lib/engines/mysql/dump.ts:2 imports lib/engines/postgres/engine.ts: Engines know nothing of each other.',
  ]);
});

test('ways down and sideways within a room are free', async () => {
  await plant({
    'functions/page/app.tsx': "import { h } from 'preact';\nexport const App = () => <p>{h.name}</p>;",
    'infra/stack/stack.ts': "import '../../functions/api.ts';",
    'lib/version.ts': "import packageJson from '../package.json' with { type: 'json' };",
    'lib/secrets.ts': "export const sdk = () => import('@aws-sdk/client-secrets-manager');",
    'lib/store/s3-url.ts': "import { S3 } from '@aws-sdk/client-s3';\nimport { known } from '../known.ts';",
    'lib/engines/registry.ts': "import { mysqlEngine } from './mysql/engine.ts';",
    'lib/engines/mysql/engine.ts': "import './dump.ts';\nimport './swap/plan.ts';",
    'lib/engines/mysql/swap/plan.ts': "import '../load/feed.ts';\nimport '../../sql/load/pool.ts';",
    'lib/tasks/mail.ts': "import '../notify/mail.ts';\nimport '../backup.ts';",
  });
  const { code, said } = await check();
  expect(said).toEqual(['Checked the imports of 12 files.']);
  expect(code).toBe(0);
});

test('a folder that has no level is refused, even when it imports nothing', async () => {
  const files = ['lib/engines/mysql/fresh/a.ts', 'lib/engines/oracle/engine.ts', 'lib/fresh/a.ts'];
  await plant(Object.fromEntries(files.map((file) => [file, ''])));
  const { code, said } = await check();
  expect(code).toBe(1);
  expect(said.toSorted()).toEqual([
    'lib/engines/mysql/fresh/a.ts: lib/engines/mysql/ has no such room in infra/imports/rules.ts.',
    'lib/engines/oracle/engine.ts: lib/engines/ has no such room in infra/imports/rules.ts.',
    'lib/fresh/a.ts: lib/ has no such room in infra/imports/rules.ts.',
  ]);
});

test('each room of the table is there', () => {
  const rooms = HOUSES.flatMap(({ folder, levels }) =>
    levels.flatMap((level) =>
      Object.keys(level).flatMap((room) => room.split(' ').map((part) => folder + part)),
    ),
  );
  expect(rooms.filter((it) => !it.endsWith('/*.ts') && !existsSync(join(ROOT, it)))).toEqual([]);
  expect(rooms.length).toBeGreaterThan(50);
});

test('what cannot be checked does not pass', async () => {
  await plant({ 'lib/prune.ts': 'export const it = await import(process.argv[2]);' });
  expect(await check()).toMatchObject({
    code: 1,
    said: ['lib/prune.ts:1 imports process.argv[2]: What it is, is not known before it runs.'],
  });
  await plant({ 'lib/prune.ts': 'import {' });
  expect(await check()).toMatchObject({ code: 1 });
  await rm(join(folder, 'functions'), { recursive: true });
  expect(await check()).toMatchObject({ code: 1 });
});

test('the whole project is looked at: a wrong import planted in a copy of it is seen', async () => {
  for (const part of ['lib', 'functions', 'infra']) {
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  }
  await writeFile(join(folder, 'lib/engines/sqlite/planted.ts'), "import '../mysql/dump.ts';");
  const { code, said } = await check();
  expect(code).toBe(1);
  expect(said).toContain(
    'lib/engines/sqlite/planted.ts:1 imports lib/engines/mysql/dump.ts: Engines know nothing of each other.',
  );
});
