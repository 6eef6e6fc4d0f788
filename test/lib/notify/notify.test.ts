import { randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CofreError } from '../../../lib/errors.ts';
import { openMailer } from '../../../lib/notify/mailer.ts';
import { mailBackup, mailFailure } from '../../../lib/notify/notify.ts';
import {
  LINK,
  mailConfig,
  readOutbox,
  removeFolder,
  type StoredBackup,
  storeBackup,
  TOLD,
  temporaryFolder,
} from './sample.ts';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => removeFolder(folder));

const backups = () => join(folder, 'backups');
const outbox = () => readOutbox(join(folder, 'outbox'));
const recipients = ['ana@example.com', 'joao@example.org', 'support@example.net'];

function send({ store, backup }: StoredBackup, changes: Partial<typeof mailConfig> = {}, to = recipients) {
  const mail = { ...mailConfig, ...changes };
  const mailer = openMailer(mail.transport, { folder, env: {} });
  return mailBackup({ mailer, mail, recipients: to, backup, store, ...TOLD });
}

describe('a backup is mailed', () => {
  test.each([
    ['zstd', 'db_backup_20261123_185853.sqlite3.zst', 'application/zstd'],
    ['gzip', 'db_backup_20261123_185853.sqlite3.gz', 'application/gzip'],
    ['none', 'db_backup_20261123_185853.sqlite3', 'application/vnd.sqlite3'],
  ] as const)('%s: attached, byte by byte as it is stored', async (compression, filename, contentType) => {
    const stored = await storeBackup(backups(), 300_000, compression);
    expect(await send(stored)).toEqual({ attached: true, recipients });
    const [mail] = await outbox();
    expect(mail!.attachments).toMatchObject([{ filename, contentType, contentDisposition: 'attachment' }]);
    expect(mail!.attachments[0]!.content.equals(stored.archive)).toBe(true);
  });

  test('to all recipients, each once', async () => {
    const stored = await storeBackup(backups(), 10);
    const result = await send(stored, {}, [...recipients, recipients[0]!]);
    expect(result.recipients).toEqual(recipients);
    const [mail] = await outbox();
    expect([mail!.to].flat().flatMap((it) => it!.value.map(({ address }) => address))).toEqual(recipients);
  });

  test('at the limit it is attached, one byte above it is linked', async () => {
    const stored = await storeBackup(backups(), 1_000);
    const size = stored.archive.length;
    expect(await send(stored, { attachLimit: size })).toMatchObject({ attached: true });
    expect(await send(stored, { attachLimit: size - 1 })).toMatchObject({ attached: false });
    const linked = (await outbox()).find((mail) => mail.attachments.length === 0);
    expect(linked!.text).toContain(LINK);
    expect(linked!.html).toContain(`href="${LINK}"`);
  });

  test('above the limit the archive is not read at all', async () => {
    const stored = await storeBackup(backups(), 1_000);
    await stored.store.delete(stored.backup.key);
    expect(await send(stored, { attachLimit: 10 })).toMatchObject({ attached: false });
  });

  test('in the language of the configuration, accents and all', async () => {
    const stored = await storeBackup(backups(), 10);
    await send(stored, { language: 'pt-BR' });
    const [mail] = await outbox();
    expect(mail!.subject).toBe('Backup de shop concluído com êxito (23 de nov. de 2026, 18:58 UTC)');
    expect(mail!.text).toContain('O backup está íntegro: foi conferido');
  });

  test.each([
    ['other bytes', (size: number) => randomBytes(size)],
    ['fewer bytes', (size: number) => randomBytes(size - 1)],
    ['more bytes', (size: number) => randomBytes(size + 1)],
  ])('an archive of %s is never mailed', async (_, make) => {
    const stored = await storeBackup(backups(), 5_000);
    await writeFile(join(backups(), stored.backup.key), make(stored.archive.length));
    await expect(send(stored)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
    expect(await readdir(folder)).not.toContain('outbox');
  });

  test('an archive that is gone is the error of the store', async () => {
    const stored = await storeBackup(backups(), 10);
    await stored.store.delete(stored.backup.key);
    await expect(send(stored)).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' });
  });
});

describe('recipients', () => {
  test('nobody: says where to set them', async () => {
    const stored = await storeBackup(backups(), 10);
    const hint = expect.stringMatching(/mail\.recipients.*databases\.NAME\.recipients.*--recipients/);
    await expect(send(stored, {}, [])).rejects.toMatchObject({ code: 'USAGE', hint });
  });

  test.each([
    'ana',
    'Ana <ana@example.com>',
    'ana@example.com, eve@example.com',
    'ana@example.com\r\nBcc: eve@example.com',
    '',
  ])('%j is not an address', async (address) => {
    const stored = await storeBackup(backups(), 10);
    await expect(send(stored, {}, [...recipients, address])).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('a failure is mailed', () => {
  const error = new CofreError('SOURCE_NOT_FOUND', 'Não há arquivo <loja>.sqlite3.', {
    hint: 'Confira o caminho.',
  });
  const mailer = () => openMailer(mailConfig.transport, { folder, env: {} });

  test('with its reason, its hint and the last good backup', async () => {
    const { backup: lastGood } = await storeBackup(backups(), 10);
    const mail = { ...mailConfig, language: 'pt-BR' } as const;
    const result = await mailFailure({
      mailer: mailer(),
      mail,
      recipients,
      database: 'shop',
      error,
      lastGood,
    });
    expect(result).toEqual({ attached: false, recipients });
    const [received] = await outbox();
    expect(received!.subject).toBe('FALHA: o backup de shop não foi concluído');
    expect(received!.attachments).toEqual([]);
    for (const part of [error.message, error.hint!, lastGood.id]) expect(received!.text).toContain(part);
    expect(received!.html).toContain('&lt;loja&gt;');
  });

  test('and says so when there is none', async () => {
    const request = { mailer: mailer(), mail: mailConfig, recipients, database: 'shop', error };
    await mailFailure({ ...request, lastGood: undefined });
    expect((await outbox())[0]!.text).toContain('There is no whole backup of shop at all.');
  });

  test('to nobody: USAGE', async () => {
    const request = { mailer: mailer(), mail: mailConfig, database: 'shop', error, lastGood: undefined };
    await expect(mailFailure({ ...request, recipients: [] })).rejects.toMatchObject({ code: 'USAGE' });
  });
});
