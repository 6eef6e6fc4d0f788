import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compactTimestamp } from '../clock.ts';
import { type Mailer, mailFailed } from './mail.ts';
import { encode } from './mime.ts';

/** Only the owner may read them: mails hold backups. */
const FILE_MODE = 0o600;

/** Writes each mail as one `.eml` file, which mail programs open. The folder is made when it is missing. */
export function outboxMailer(folder: string): Mailer {
  return {
    send: async (mail) => {
      const message = await encode(mail);
      try {
        await writeWhole(folder, newName(), message);
      } catch (error) {
        const { code, message: why } = error as NodeJS.ErrnoException;
        const hint = 'Check that the outbox is a folder that can be written to, with space left.';
        throw mailFailed(`The mail could not be written to ${folder} (${code ?? why}).`, hint, error);
      }
    },
  };
}

/** Names sort by time; the random part keeps two mails of one second apart. */
function newName(): string {
  return `mail_${compactTimestamp(new Date())}_${randomBytes(4).toString('hex')}.eml`;
}

/** A reader of the folder never sees part of a mail: it is renamed to its name when it is whole and durable. */
async function writeWhole(folder: string, name: string, bytes: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${name}.tmp`);
  try {
    await writeFile(temporary, bytes, { flag: 'wx', mode: FILE_MODE, flush: true });
    await rename(temporary, join(folder, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
