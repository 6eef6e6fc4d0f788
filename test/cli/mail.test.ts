import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './cli.ts';

const MAIL = { transport: 'outbox:./outbox', from: 'cofre@example.com' };

async function outbox({ folder }: Desk): Promise<ParsedMail[]> {
  const names = readdirSync(join(folder, 'outbox')).toSorted();
  return await Promise.all(
    names.map(async (name) => simpleParser(readFileSync(join(folder, 'outbox', name)))),
  );
}

const addressees = ({ to }: ParsedMail) =>
  [to ?? []].flat().flatMap((it) => it.value.map(({ address }) => address));

describe.concurrent('mail', () => {
  it('backup_database --email --recipients A B, as in the manual of old: attached', async () => {
    await using desk = await openDesk({ mail: MAIL });
    const args = ['--days=60', '--email', '--recipients', 'admin@example.com', 'support@example.com'];
    const made = await desk.json(['backup_database', ...args]);
    expect(made.mailed).toEqual(['admin@example.com', 'support@example.com']);
    const [mail, ...others] = await outbox(desk);
    expect(others).toEqual([]);
    expect(addressees(mail!)).toEqual(made.mailed);
    const [file] = mail!.attachments;
    expect(file).toMatchObject({ filename: made.fileName, contentType: 'application/zstd' });
    expect(createHash('sha256').update(file!.content).digest('hex')).toBe(made.sha256);
  });

  it('links to the API what is larger than the limit', async () => {
    const server = { port: 8080, publicUrl: 'https://backups.example.com' };
    await using desk = await openDesk({
      mail: { ...MAIL, attachLimit: 10, recipients: ['ops@example.com'] },
      server,
    });
    const { id, mailed } = await desk.json(['backup', '--email']);
    expect(mailed).toEqual(['ops@example.com']);
    const [mail] = await outbox(desk);
    expect(mail!.attachments).toEqual([]);
    expect(mail!.text).toContain(`https://backups.example.com/#download=${id}`);
  });

  it('takes the recipients of the database before those of all', async () => {
    const databases = { shop: { url: 'sqlite:./shop.sqlite3', recipients: ['shop@example.com'] } };
    await using desk = await openDesk({ mail: { ...MAIL, recipients: ['all@example.com'] }, databases });
    expect((await desk.json(['backup', '--email'])).mailed).toEqual(['shop@example.com']);
    expect((await desk.json(['backup'])).mailed).toEqual([]);
    expect(await outbox(desk)).toHaveLength(1);
  });

  it('tells of a failure too', async () => {
    const databases = { gone: { url: 'sqlite:./gone.sqlite3' } };
    await using desk = await openDesk({ mail: { ...MAIL, recipients: ['ops@example.com'] }, databases });
    const { error } = await desk.json(['backup', '--email'], 1);
    expect(error.code).toBe('SOURCE_NOT_FOUND');
    const [mail] = await outbox(desk);
    expect(mail!.text).toContain('SOURCE_NOT_FOUND');
  });

  it('is checked before the backup begins', async () => {
    await using desk = await openDesk({ mail: MAIL });
    const { error } = await desk.json(['backup', '--email'], 2);
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringContaining('recipients') });
    expect((await desk.json(['list'])).backups).toEqual([]);
  });

  it('fails the job when it cannot be sent, and says that the backup is whole', async () => {
    await using desk = await openDesk({ mail: { ...MAIL, transport: 'outbox:./cofre.json' } });
    const { error } = await desk.json(['backup', '--email', '--recipients', 'a@example.com'], 1);
    expect(error.code).toBe('MAIL_FAILED');
    const { backups } = await desk.json(['list']);
    expect(error.message).toContain(`The backup ${backups[0].id} is whole and listed`);
    expect((await desk.json(['jobs'])).jobs[0]).toMatchObject({
      status: 'failed',
      error: { code: 'MAIL_FAILED' },
    });
  });
});
