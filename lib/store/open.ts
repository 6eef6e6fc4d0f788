import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../clock.ts';
import { CofreError } from '../errors.ts';
import { directoryStore } from './directory.ts';
import { s3StoreFromUrl } from './s3-url.ts';
import type { Store } from './store.ts';

export interface OpenStoreOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Address of the local server, which serves the downloads of a directory store. */
  readonly publicUrl?: string;
}

/**
 * The store that `spec` names: a folder (`./backups`, `/var/backups`, `file:///var/backups`) or `s3://bucket/prefix`.
 * Nothing is made or asked for yet.
 * @throws {CofreError} `USAGE` for anything else
 */
export function openStore(spec: string, options: OpenStoreOptions): Store {
  const { env, clock, publicUrl } = options;
  if (spec.startsWith('s3:')) return s3StoreFromUrl(spec, env, { clock });
  return directoryStore(folderOf(spec), { clock, ...(publicUrl === undefined ? {} : { publicUrl }) });
}

/** One letter and a colon is a drive of Windows, more letters are the scheme of a URL. */
const SCHEME = /^([a-z][a-z0-9+.-]+):/i;

function folderOf(spec: string): string {
  const scheme = SCHEME.exec(spec)?.[1]?.toLowerCase();
  if (spec === '' || spec.includes('\0') || (scheme !== undefined && scheme !== 'file'))
    throw unknown(scheme);
  if (scheme === undefined) return resolve(spec);
  const path = spec.slice('file:'.length);
  return path.startsWith('//') ? fromFileUrl(spec) : resolve(path);
}

function fromFileUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw new CofreError('USAGE', 'This is not the URL of a folder.', { hint: HINT, cause: error });
  }
}

const HINT = 'Use a folder (./backups), file:///path/to/folder or s3://bucket/prefix.';

/** Names the scheme only: the rest of a URL may hold a password. */
function unknown(scheme: string | undefined): CofreError {
  const what =
    scheme === undefined ? 'This is not the place of a store.' : `There is no store for ${scheme}: URLs.`;
  return new CofreError('USAGE', what, { hint: HINT });
}
