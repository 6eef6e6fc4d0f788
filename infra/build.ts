// `npm run build [-- FOLDER]`: bundles for machines without this source tree. dist/cofre.mjs is the command line; the SQLite
// engine's child process is a file beside it (see lib/engines/sqlite/session.ts), and so are the thread that runs pg_dump
// (lib/engines/postgres/ddl/relay.ts), pg_dump itself, which its loader looks for there, and the admin page.
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { packAssets } from '../functions/admin/assets.ts';
import { bundlePage } from '../functions/admin/bundle.ts';

const ROOT = resolve(import.meta.dirname, '..');
const OUT = resolve(process.argv[2] ?? resolve(ROOT, 'dist'));

await rm(OUT, { recursive: true, force: true });
const { errors } = await build({
  absWorkingDir: ROOT,
  entryPoints: {
    cofre: 'lib/cli/main.ts',
    'sqlite-child': 'lib/engines/sqlite/child/main.ts',
    'postgres-ddl': 'lib/engines/postgres/ddl/worker/main.ts',
  },
  outdir: OUT,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  chunkNames: '[name]-[hash]',
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  keepNames: true,
  legalComments: 'linked',
  // Only a source tree has the page's sources and a bundler to serve them.
  external: ['esbuild'],
  // CommonJS dependencies ask for Node's own modules by require().
  banner: {
    js: "import { createRequire as cofreRequire } from 'node:module'; const require = cofreRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
if (errors.length > 0) process.exit(1);
await writeFile(resolve(OUT, 'page.json'), packAssets(await bundlePage()));
const PG_DUMP = new URL('pg_dump.wasm', import.meta.resolve('@electric-sql/pglite-tools/pg_dump'));
await copyFile(fileURLToPath(PG_DUMP), resolve(OUT, 'pg_dump.wasm'));
