import type { BuildOptions } from 'esbuild';

/** How all bundles for Node are made: small, for one version, with names kept for stack traces. */
export const BUNDLE = {
  bundle: true,
  splitting: true,
  chunkNames: '[name]-[hash]',
  outExtension: { '.js': '.mjs' },
  platform: 'node',
  // ES modules where there are any: the SDK's CommonJS would have no names when it is loaded by import().
  mainFields: ['module', 'main'],
  target: 'node24',
  format: 'esm',
  minify: true,
  keepNames: true,
  // CommonJS dependencies ask for Node's own modules by require().
  banner: {
    js: "import { createRequire as cofreRequire } from 'node:module'; const require = cofreRequire(import.meta.url);",
  },
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Programs that the engines start: a file beside the bundle of whoever uses them (see sqlite/file/session.ts, pg-dump/relay.ts). */
export const HELPERS = {
  sqlite: { 'sqlite-child': 'lib/engines/sqlite/child/main.ts' },
  postgres: { 'postgres-ddl': 'lib/engines/postgres/pg-dump/worker/main.ts' },
} as const;

/** pg_dump in WebAssembly; its loader looks for it beside itself. */
export const PG_DUMP = new URL('pg_dump.wasm', import.meta.resolve('@electric-sql/pglite-tools/pg_dump'));
