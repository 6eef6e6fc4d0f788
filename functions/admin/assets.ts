import { createHash } from 'node:crypto';

/** One file of the admin page, ready to be sent. All are text. */
export interface PageAsset {
  readonly body: Buffer;
  readonly contentType: string;
  /** Strong entity tag, quotes included. */
  readonly etag: string;
}

export function asset(body: Buffer, contentType: string): PageAsset {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  return { body, contentType, etag: `"${hash}"` };
}

/** Files of the admin page by URL path (`/`, `/app.js`, …). */
export type PageAssets = ReadonlyMap<string, PageAsset>;

/** One string that holds all assets, for a build that embeds them where no file system is at hand. */
export function packAssets(assets: PageAssets): string {
  const entries = [...assets].map(([path, asset]) => [
    path,
    { ...asset, body: asset.body.toString('base64') },
  ]);
  return JSON.stringify(entries);
}

/** The inverse of `packAssets`. */
export function unpackAssets(packed: string): PageAssets {
  const entries = JSON.parse(packed) as [string, Omit<PageAsset, 'body'> & { body: string }][];
  return new Map(
    entries.map(([path, asset]) => [path, { ...asset, body: Buffer.from(asset.body, 'base64') }]),
  );
}
