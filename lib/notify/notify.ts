import { z } from 'zod';
import type { Backup } from '../catalog.ts';
import type { MailConfig } from '../config.ts';
import { CofreError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { readAttachment } from './attachment.ts';
import type { Attachment, Mailer } from './mail.ts';
import { backupFailed, backupSucceeded, type Failure } from './messages.ts';
import type { Message } from './render.ts';

interface Delivery {
  readonly mailer: Mailer;
  readonly mail: MailConfig;
  readonly recipients: readonly string[];
}

export interface BackupMail extends Delivery {
  readonly backup: Backup;
  readonly store: Store;
  /** Where the backup is downloaded. Not a presigned URL: it must work for as long as the mail is kept. */
  readonly link: string;
  /** Of the plain file: its media type, and what somebody does with it who has nothing else. */
  readonly mediaType: string;
  readonly byHand: readonly string[];
}

export interface FailureMail extends Delivery, Failure {}

export interface MailResult {
  readonly attached: boolean;
  /** Who got it, each once. */
  readonly recipients: readonly string[];
}

/**
 * Mails a backup: attached as it is stored when it has at most `mail.attachLimit` bytes, else only linked. Holds no
 * more than that in memory, a few times over.
 * @throws {CofreError} `USAGE` without valid recipients, `MAIL_FAILED`, `BACKUP_DAMAGED`, what the store throws
 */
export async function mailBackup(request: BackupMail): Promise<MailResult> {
  const { mail, backup, store, link, mediaType, byHand } = request;
  const to = checkRecipients(request.recipients);
  const { attachLimit } = mail;
  const attached = backup.manifest.archive.size <= attachLimit;
  const attachments = attached ? [await readAttachment(store, backup, mediaType)] : [];
  const message = backupSucceeded(mail.language, { backup, attached, attachLimit, link, byHand });
  await deliver(request, to, message, attachments);
  return { attached, recipients: to };
}

/**
 * Mails that a backup failed, why, and which backup is the last good one.
 * @throws {CofreError} `USAGE` without valid recipients, `MAIL_FAILED`
 */
export async function mailFailure(request: FailureMail): Promise<MailResult> {
  const to = checkRecipients(request.recipients);
  await deliver(request, to, backupFailed(request.mail.language, request), []);
  return { attached: false, recipients: to };
}

async function deliver(
  { mailer, mail }: Delivery,
  to: readonly string[],
  message: Message,
  attachments: readonly Attachment[],
): Promise<void> {
  await mailer.send({ from: mail.from, to, ...message, attachments });
}

/** Each address once. Checked before anything is read: they may come from a command line or a request. */
function checkRecipients(recipients: readonly string[]): readonly string[] {
  if (recipients.length === 0) {
    throw new CofreError('USAGE', 'There is nobody to mail to.', {
      hint: 'Set mail.recipients or databases.NAME.recipients in the configuration, or give --recipients.',
    });
  }
  const wrong = recipients.find((address) => !z.email().max(254).safeParse(address).success);
  if (wrong === undefined) return [...new Set(recipients)];
  throw new CofreError('USAGE', `${JSON.stringify(wrong)} is not an e-mail address.`, {
    hint: 'Give plain addresses such as admin@example.com.',
  });
}
