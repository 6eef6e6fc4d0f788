import { readFile } from 'node:fs/promises';
import { type PageAssets, unpackAssets } from '../../functions/admin/assets.ts';

/** The admin page: built from its sources in a source tree, read ready-made beside a bundle (see infra/build.ts). */
export async function loadPage(): Promise<PageAssets> {
  if (!import.meta.url.endsWith('.ts')) {
    return unpackAssets(await readFile(new URL('./page.json', import.meta.url), 'utf8'));
  }
  const { bundlePage } = await import('../../functions/admin/bundle.ts');
  return await bundlePage();
}
