import { copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { packAssets } from '../functions/admin/assets.ts';
import { bundlePage } from '../functions/admin/bundle.ts';
import type { EngineName } from '../lib/engines/engine.ts';
import { FUNCTION_NAMES, type FunctionName } from '../lib/stack-names.ts';
import { BUNDLE, HELPERS, PG_DUMP } from './esbuild.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** Functions that dump: `restore` makes a safety backup first. */
const DUMPS: readonly FunctionName[] = ['backup', 'restore'];
/** Functions that work on a database, or a file of one. */
const USES_ENGINES: readonly FunctionName[] = [...DUMPS, 'undo', 'discard', 'verify'];
/** The page and the authorizer know nothing of databases. */
const UNCONFIGURED: readonly FunctionName[] = ['admin', 'authorizer'];

export interface BundleInput {
  /** The engines of the configured databases. */
  readonly engines: ReadonlySet<EngineName>;
  /** Text of the configuration that the functions read. */
  readonly configuration: string;
  /** Files that it names, such as certificates: paths relative to `folder`, which they keep in the bundle. */
  readonly folder: string;
  readonly files: readonly string[];
}

/** Bundles each function into `out/<name>/`, ready to be zipped. Nothing of `out` is kept. */
export async function bundleFunctions(out: string, input: BundleInput): Promise<void> {
  await rm(out, { recursive: true, force: true });
  await Promise.all(FUNCTION_NAMES.map((name) => bundleFunction(join(out, name), name, input)));
}

async function bundleFunction(out: string, name: FunctionName, input: BundleInput): Promise<void> {
  const { engines } = input;
  await build({
    ...BUNDLE,
    absWorkingDir: ROOT,
    entryPoints: { index: `functions/lambda/${name}.ts`, ...helpersOf(name, engines) },
    outdir: out,
    legalComments: 'none',
  });
  if (DUMPS.includes(name) && engines.has('postgres')) await copyFile(PG_DUMP, join(out, 'pg_dump.wasm'));
  if (name === 'admin') await writeFile(join(out, 'page.json'), packAssets(await bundlePage()));
  if (!UNCONFIGURED.includes(name)) await addConfiguration(out, input);
}

function helpersOf(name: FunctionName, engines: ReadonlySet<EngineName>): Record<string, string> {
  return {
    ...(USES_ENGINES.includes(name) && engines.has('sqlite') && HELPERS.sqlite),
    ...(DUMPS.includes(name) && engines.has('postgres') && HELPERS.postgres),
  };
}

async function addConfiguration(out: string, { configuration, folder, files }: BundleInput): Promise<void> {
  await writeFile(join(out, 'cofre.json'), configuration);
  for (const file of files) {
    await mkdir(dirname(join(out, file)), { recursive: true });
    await cp(join(folder, file), join(out, file));
  }
}
