import type { Backup } from '../catalog.ts';
import type { Cofre } from '../cofre.ts';
import type { MailConfig } from '../config.ts';
import { engineNamed } from '../engines/registry.ts';
import { CofreError, toCofreError } from '../errors.ts';
import { newest } from '../retention.ts';
import { fillSecrets, secretsManager } from '../secrets.ts';

/** Mails a backup, or a link to it. Returns who got it. @throws {CofreError} `USAGE`, `MAIL_FAILED` */
export async function sendBackup(
  cofre: Cofre,
  backup: Backup,
  to: readonly string[],
): Promise<readonly string[]> {
  const { mail, mailer, mailBackup } = await open(cofre);
  // Of the page: a browser that follows a link to the API would bring no token.
  const link = `${cofre.publicUrl}/#download=${backup.id}`;
  const recipients = addresses(mail, to);
  const { engine, archive } = backup.manifest;
  const { mediaType, byHand } = engineNamed(engine.name).plainFile;
  const words = { link, mediaType, byHand: byHand(archive.plainName) };
  return (await mailBackup({ mailer, mail, recipients, backup, store: cofre.store, ...words })).recipients;
}

/** Mails that a backup failed, why, and which backup is the last good one. */
export async function sendFailure(
  cofre: Cofre,
  database: string,
  to: readonly string[],
  error: unknown,
): Promise<void> {
  const { mail, mailer, mailFailure } = await open(cofre);
  const { backups } = await cofre.catalog.scan(database);
  const lastGood = newest(backups);
  await mailFailure({
    mailer,
    mail,
    recipients: addresses(mail, to),
    database,
    error: toCofreError(error),
    lastGood,
  });
}

function addresses(mail: MailConfig, to: readonly string[]): readonly string[] {
  return to.length > 0 ? to : mail.recipients;
}

/** @throws {CofreError} `USAGE` when no mail is configured. */
export function requireMail(mail: MailConfig | undefined): MailConfig {
  if (mail) return mail;
  throw new CofreError('USAGE', 'Mail is asked for, but the configuration has no "mail".', {
    hint: 'Add mail.transport and mail.from to cofre.json; docs/configuration.md shows how.',
  });
}

/** Loads what mail needs only when there is one to send: its library takes 20 MB. */
async function open({ config, env }: Cofre) {
  const mail = requireMail(config.mail);
  const { openMailer } = await import('../notify/mailer.ts');
  const { mailBackup, mailFailure } = await import('../notify/notify.ts');
  const transport = await fillSecrets(mail.transport, env, secretsManager());
  return { mail, mailer: openMailer(transport, { folder: config.folder, env }), mailBackup, mailFailure };
}
