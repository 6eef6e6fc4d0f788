import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { codecs } from '../../../lib/archive/compression.ts';
import type { Manifest } from '../../../lib/archive/manifest.ts';
import { backupNames } from '../../../lib/archive/names.ts';
import { type Backup, openCatalog } from '../../../lib/catalog.ts';
import type { MailConfig } from '../../../lib/config.ts';
import { engineNamed } from '../../../lib/engines/registry.ts';
import type { Mail } from '../../../lib/notify/mailer.ts';
import { directoryStore } from '../../../lib/store/directory.ts';
import type { Store } from '../../../lib/store/store.ts';

export const STARTED = new Date('2026-11-23T18:58:53.000Z');
export const LINK = 'https://backups.example.com/#download=shop-20261123-185853';

/** What is told of a backup beside its manifest. */
export const TOLD = { link: LINK, mediaType: engineNamed('sqlite').plainFile.mediaType, byHand: [] };

export const mailConfig: MailConfig = {
  transport: 'outbox:./outbox',
  from: 'cofre@example.com',
  recipients: ['admin@example.com'],
  language: 'en',
  attachLimit: 7_000_000,
};

export const mail: Mail = {
  from: 'cofre@example.com',
  to: ['ana@example.com', 'joao@example.org'],
  subject: 'Ação: é só um teste — ok?',
  text: 'Olá, mundo.\n.\nA line that is a dot.\n',
  html: '<p>Olá, mundo.</p>',
};

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'cofre-notify-'));
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true });
}

/** A manifest of an archive of one frame. */
export function manifestOf(
  packed: Uint8Array,
  rawSize: number,
  compression: Manifest['archive']['compression'],
): Manifest {
  const { id, file, plainName } = backupNames('shop', STARTED, 'sqlite3', codecs[compression].suffix);
  const sha256 = createHash('sha256').update(packed).digest('hex');
  const size = packed.length;
  return {
    format: 1,
    id,
    database: 'shop',
    archive: { file, plainName, compression, size, rawSize, sha256 },
    engine: { name: 'sqlite', version: '3.51.0' },
    tool: { name: 'cofre', version: '0.1.0' },
    trigger: 'manual',
    actor: 'ana',
    retention: 'manual',
    startedAt: STARTED.toISOString(),
    finishedAt: '2026-11-23T18:59:02.000Z',
    seconds: 8.5,
    rows: 1_234_567,
    tables: [{ name: 'customers', rows: 1_234_567 }],
    warnings: [],
    details: {},
    frames: [{ section: 'data', offset: 0, size, rawSize, rows: 1_234_567, sha256 }],
  };
}

export interface StoredBackup {
  readonly store: Store;
  readonly backup: Backup;
  readonly archive: Uint8Array;
}

/** A backup of random bytes, committed to a real store. */
export async function storeBackup(
  folder: string,
  size: number,
  compression: Manifest['archive']['compression'] = 'zstd',
): Promise<StoredBackup> {
  const store = directoryStore(folder);
  const archive = await codecs[compression].packer('pages').pack(randomBytes(size));
  const manifest = manifestOf(archive, size, compression);
  await store.put(`shop/${manifest.archive.file}`, archive, { tag: 'manual' });
  return { store, archive, backup: await openCatalog(store).commit(manifest, 'manual') };
}

/** All mails of an outbox, oldest first. */
export async function readOutbox(folder: string): Promise<ParsedMail[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => simpleParser(await readFile(join(folder, name)))));
}
