import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseConfig } from '../../../lib/config.ts';
import { openMailer } from '../../../lib/notify/mailer.ts';
import { mail, readOutbox, removeFolder, temporaryFolder } from './sample.ts';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => removeFolder(folder));

const open = (transport: string) => openMailer(transport, { folder, env: {} });

test('a mail becomes one file, in a folder that is made', async () => {
  await open('outbox:./a/b').send(mail);
  const names = await readdir(join(folder, 'a/b'));
  expect(names).toEqual([expect.stringMatching(/^mail_\d{8}_\d{6}_[0-9a-f]{8}\.eml$/)]);
  expect((await stat(join(folder, 'a/b', names[0]!))).mode & 0o777).toBe(0o600);
});

test('the message keeps its text, its HTML, its accents and its recipients', async () => {
  await open('outbox:./mails').send(mail);
  const [parsed] = await readOutbox(join(folder, 'mails'));
  expect(parsed).toMatchObject({ subject: mail.subject, text: mail.text, html: mail.html });
  expect(parsed!.from!.value).toEqual([{ name: 'Cofre', address: mail.from }]);
  expect([parsed!.to].flat().flatMap((it) => it!.value.map(({ address }) => address))).toEqual(mail.to);
  expect(parsed!.headers.get('auto-submitted')).toBe('auto-generated');
});

test('lines end by CRLF and are short, as RFC 5322 asks', async () => {
  await open('outbox:./mails').send({ ...mail, text: 'é'.repeat(5_000) });
  const [name] = await readdir(join(folder, 'mails'));
  const raw = await readFile(join(folder, 'mails', name!), 'latin1');
  expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
});

test('mails of the same second are all kept', async () => {
  await Promise.all(Array.from({ length: 20 }, () => open('outbox:./mails').send(mail)));
  expect(await readdir(join(folder, 'mails'))).toHaveLength(20);
});

test('an absolute folder is taken as it is', async () => {
  await openMailer(`outbox:${join(folder, 'mails')}`, { folder: '/nowhere', env: {} }).send(mail);
  expect(await readdir(join(folder, 'mails'))).toHaveLength(1);
});

test('line breaks add no header and no recipient', async () => {
  const evil = 'a\r\nBcc: eve@example.com\r\n\r\nbody';
  const attachments = [{ fileName: `x"\r\nX-Evil: 1`, contentType: 'text/plain', content: Buffer.from('x') }];
  await open('outbox:./mails').send({
    ...mail,
    subject: evil,
    to: [`ana@example.com\r\nBcc: eve@example.com`],
    attachments,
  });
  const [parsed] = await readOutbox(join(folder, 'mails'));
  expect(parsed!.bcc).toBeUndefined();
  expect([...parsed!.headers.keys()]).not.toContain('x-evil');
  expect([...parsed!.attachments[0]!.headers.keys()]).not.toContain('x-evil');
  expect(parsed!.text).toBe(mail.text);
});

test('the largest attachment of the default limit makes a message that SES takes (10 MB)', async () => {
  const { mail: config } = parseConfig({ mail: { transport: 'ses:', from: mail.from } }, folder, 'a test');
  const content = randomBytes(config!.attachLimit);
  await open('outbox:./mails').send({
    ...mail,
    attachments: [
      { fileName: 'db_backup_20261123_185853.sqlite3.zst', contentType: 'application/zstd', content },
    ],
  });
  const [name] = await readdir(join(folder, 'mails'));
  expect((await stat(join(folder, 'mails', name!))).size).toBeLessThan(10_000_000);
});

test('an outbox that is a file is MAIL_FAILED', async () => {
  await writeFile(join(folder, 'mails'), '');
  await expect(open('outbox:./mails').send(mail)).rejects.toMatchObject({
    code: 'MAIL_FAILED',
    message: expect.stringContaining('EEXIST'),
    hint: expect.stringContaining('folder'),
  });
});
