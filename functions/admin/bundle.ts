import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { PageAsset, PageAssets } from './assets.ts';

const PAGE = join(dirname(fileURLToPath(import.meta.url)), 'page');
/** Never written to; esbuild wants one to name its outputs. */
const OUT = join(PAGE, 'out');

/** Builds the admin page in memory. For the build and the local server; a Lambda gets the result, not esbuild. */
export async function bundlePage(): Promise<PageAssets> {
  const [html, icon, scripts, styles] = await Promise.all([
    readFile(join(PAGE, 'index.html')),
    readFile(join(PAGE, 'favicon.svg')),
    bundle({ app: 'main.tsx' }),
    bundle({ style: 'style.css' }),
  ]);
  return new Map([
    ['/', asset(html, 'text/html; charset=utf-8')],
    ...scripts.map(({ path, body }) => [path, asset(body, 'text/javascript; charset=utf-8')] as const),
    ...styles.map(({ path, body }) => [path, asset(body, 'text/css; charset=utf-8')] as const),
    ['/favicon.svg', asset(icon, 'image/svg+xml')],
  ]);
}

/** `splitting` puts each language into a file of its own, so that a reader loads one catalogue only. */
async function bundle(entry: Record<string, string>): Promise<{ path: string; body: Buffer }[]> {
  const { outputFiles } = await build({
    entryPoints: entry,
    absWorkingDir: PAGE,
    outdir: OUT,
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    charset: 'utf8',
    format: 'esm',
    target: 'es2022',
    chunkNames: '[name]',
    legalComments: 'none',
    logLevel: 'silent',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  return outputFiles.map(({ path, contents }) => ({
    path: `/${basename(path)}`,
    body: Buffer.from(contents),
  }));
}

function asset(body: Buffer, contentType: string): PageAsset {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  return { body, contentType, etag: `"${hash}"` };
}
