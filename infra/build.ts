// `npm run build [-- FOLDER]`: bundles for machines without this source tree. dist/cofre.mjs is the command line; the SQLite
// engine's child process is a file beside it (see lib/engines/sqlite/file/session.ts), and so are the thread that runs pg_dump
// (lib/engines/postgres/pg-dump/relay.ts), pg_dump itself, which its loader looks for there, and the admin page.
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { packAssets } from '../functions/admin/assets.ts';
import { bundlePage } from '../functions/admin/bundle.ts';
import { BUNDLE, HELPERS, PG_DUMP } from './esbuild.ts';

const ROOT = resolve(import.meta.dirname, '..');
const OUT = resolve(process.argv[2] ?? resolve(ROOT, 'dist'));

await rm(OUT, { recursive: true, force: true });
const { errors } = await build({
  ...BUNDLE,
  absWorkingDir: ROOT,
  entryPoints: { cofre: 'infra/local/cli.ts', ...HELPERS.sqlite, ...HELPERS.postgres },
  outdir: OUT,
  legalComments: 'linked',
  // Only a source tree has the page's sources and a bundler to serve them.
  external: ['esbuild'],
});
if (errors.length > 0) process.exit(1);
await writeFile(resolve(OUT, 'page.json'), packAssets(await bundlePage()));
await copyFile(PG_DUMP, resolve(OUT, 'pg_dump.wasm'));
