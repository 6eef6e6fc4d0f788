import { CofreError } from '../errors.ts';

/** A mail to send. Whatever its fields hold, each stays within its own header or part. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments?: readonly Attachment[];
}

export interface Attachment {
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

export interface Mailer {
  /**
   * Hands the mail over for every recipient. Holds the message in memory about twice, packed as base64.
   * @throws {CofreError} `MAIL_FAILED`, without secrets, also when it was taken for some recipients only
   */
  send(mail: Mail): Promise<void>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds. A mail must not hold a job, or a Lambda, for long. */
export const CONNECT_TIMEOUT = 10_000;
/** Milliseconds without an answer. A server that scans attachments may think for a while. */
export const ANSWER_TIMEOUT = 60_000;

export function mailFailed(message: string, hint: string, cause?: unknown): CofreError {
  return new CofreError('MAIL_FAILED', message, { hint, cause });
}

/** Never shows the value: what cannot be parsed cannot be redacted either. */
export function invalidTransport(why: string): CofreError {
  return new CofreError('CONFIG_INVALID', `mail.transport is not valid: ${why}.`, {
    hint: `Use ses:, smtp://user:\${env:SMTP_PASSWORD}@host:587, smtps://…, or outbox:./folder.`,
  });
}
