import { resolve } from 'node:path';
import { type Environment, invalidTransport, type Mailer } from './mail.ts';
import { outboxMailer } from './outbox.ts';
import { sesMailer } from './ses.ts';
import { smtpMailer } from './smtp.ts';

export type { Attachment, Mail, Mailer } from './mail.ts';

export interface MailerOptions {
  /** Absolute folder that a relative outbox counts from. */
  readonly folder: string;
  /** Where the `ses:` transport finds endpoint, region and credentials. */
  readonly env: Environment;
}

/**
 * Opens a transport: `ses:` (Amazon SES), `smtp://user:password@host:587` (STARTTLS), `smtps://…` (TLS from the first
 * byte), or `outbox:./folder` (each mail a file). Secrets must be filled in already. Makes no connection.
 * @throws {CofreError} `CONFIG_INVALID` for anything else, without showing it
 */
export function openMailer(transport: string, { folder, env }: MailerOptions): Mailer {
  const [, scheme, rest] = /^([a-z]+):(.*)$/su.exec(transport) ?? [];
  if (scheme === 'ses' && rest === '') return sesMailer(env);
  if (scheme === 'smtp' || scheme === 'smtps') return smtpMailer(transport);
  if (scheme === 'outbox' && rest) return outboxMailer(resolve(folder, rest));
  throw invalidTransport('it is of no known kind');
}
