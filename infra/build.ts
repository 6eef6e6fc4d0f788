// `npm run build [-- FOLDER]`: bundles for machines without this source tree. dist/cofre.mjs is the command line; the SQLite
// engine's child process is a file beside it (see lib/engines/sqlite/session.ts), and so is the admin page.
import { rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
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
