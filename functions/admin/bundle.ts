import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { asset, type PageAssets } from './assets.ts';

const PAGE = join(dirname(fileURLToPath(import.meta.url)), 'page');
/** Never written to; esbuild wants one to name its outputs. */
const OUT = join(PAGE, 'out');

/** Builds the admin page in memory. For the build and the local server; a Lambda gets the result, not esbuild. */
export async function bundlePage(): Promise<PageAssets> {
  const [html, icon, ...bundles] = await Promise.all([
    readFile(join(PAGE, 'index.html')),
    readFile(join(PAGE, 'favicon.svg')),
    bundle({ app: 'main.tsx' }, { ...JSX, plugins: [LANGUAGES_APART] }),
    bundle({ en: 'i18n/en.ts', 'pt-br': 'i18n/pt-br.ts' }),
    bundle({ style: 'style.css' }),
  ]);
  return new Map([
    ['/', asset(html, 'text/html; charset=utf-8')],
    ...bundles.flat().map(({ path, body }) => [path, asset(body, typeOf(path))] as const),
    ['/favicon.svg', asset(icon, 'image/svg+xml')],
  ]);
}

/** Calls of `h` take a tenth less of the page's script than those that the automatic runtime makes. */
const JSX: BuildOptions = {
  tsconfigRaw: { compilerOptions: { jsx: 'react', jsxFactory: 'h', jsxFragmentFactory: 'Fragment' } },
  inject: [fileURLToPath(import.meta.resolve('./jsx.ts'))],
};

/** Each language is a file of its own, so that a reader loads one catalogue only. */
const LANGUAGES_APART: Plugin = {
  name: 'languages-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/(en|pt-br)\.ts$/ }, ({ path }) => ({
      path: path.replace('.ts', '.js'),
      external: true,
    })),
};

async function bundle(
  entry: Record<string, string>,
  options: BuildOptions = {},
): Promise<{ path: string; body: Buffer }[]> {
  const { outputFiles } = await build({
    entryPoints: entry,
    absWorkingDir: PAGE,
    outdir: OUT,
    bundle: true,
    minify: true,
    charset: 'utf8',
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'silent',
    ...options,
    write: false,
  });
  return outputFiles.map(({ path, contents }) => ({
    path: `/${basename(path)}`,
    body: Buffer.from(contents),
  }));
}

function typeOf(path: string): string {
  return path.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
}
