import { createTransport, type NodemailerError, type SMTPTransportOptions } from 'nodemailer';
import type { CofreError } from '../errors.ts';
import { ANSWER_TIMEOUT, CONNECT_TIMEOUT, invalidTransport, type Mailer, mailFailed } from './mail.ts';
import { toMessage } from './mime.ts';

interface Server {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  readonly user: string;
  readonly password: string;
}

/** One connection a mail: mails are rare, and an idle connection would keep the process alive. */
export function smtpMailer(url: string): Mailer {
  const server = parseServer(url);
  return {
    send: async (mail) => {
      const { rejected } = await createTransport(options(server))
        .sendMail(toMessage(mail))
        .catch((error: NodemailerError) => {
          throw failure(server, error);
        });
      if (rejected.length > 0) throw refused(server, rejected);
    },
  };
}

/** @throws {CofreError} `CONFIG_INVALID`, which shows no part of the URL: it may hold a password. */
function parseServer(text: string): Server {
  // No cause: the error of a bad URL holds the URL.
  if (!URL.canParse(text)) throw invalidTransport('it is not a URL');
  const url = new URL(text);
  const secure = url.protocol === 'smtps:';
  if (!url.hostname) throw invalidTransport('it names no host');
  if (url.search || url.hash || url.pathname.length > 1) {
    throw invalidTransport(
      'nothing may follow the port; special characters in the password are written as %XX',
    );
  }
  return {
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    user: decode(url.username),
    password: decode(url.password),
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalidTransport('a % in user or password is written as %25');
  }
}

function options({ host, port, secure, user, password }: Server): SMTPTransportOptions {
  return {
    host,
    port,
    secure,
    // Someone on the way could hide STARTTLS from us to read the password (RFC 3207, 6).
    requireTLS: password !== '' && !isLoopback(host),
    ...(user && { auth: { user, pass: password } }),
    dnsTimeout: CONNECT_TIMEOUT,
    connectionTimeout: CONNECT_TIMEOUT,
    greetingTimeout: CONNECT_TIMEOUT,
    socketTimeout: ANSWER_TIMEOUT,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** Without the cause: nothing is known of what a server repeats in its answers. */
function failure(server: Server, error: NodemailerError): CofreError {
  const where = `The mail server ${server.host}:${server.port}`;
  return mailFailed(
    `${where} did not take the mail: ${withoutPassword(server, error.message)}.`,
    hintFor(error),
  );
}

/** The password is looked for as it is and as it travels (RFC 4616, RFC 4954). */
function withoutPassword({ user, password }: Server, text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replace(/[ .]+$/, '');
  if (!password) return line;
  const base64 = (value: string) => Buffer.from(value).toString('base64');
  const forms = [base64(`\0${user}\0${password}`), base64(password), password];
  return forms.reduce((result, form) => result.replaceAll(form, '***'), line);
}

const TOO_LARGE = 'When it is about the size, lower mail.attachLimit: larger backups are linked instead.';

const HINTS: Readonly<Record<string, string>> = {
  EAUTH: 'Check user and password in mail.transport.',
  ENOAUTH: 'Add user and password to mail.transport.',
  ETLS: 'Passwords travel encrypted only: use a server with STARTTLS, or smtps://.',
  EENVELOPE: 'Check mail.from and the recipients: the server refused an address.',
  EMESSAGE: TOO_LARGE,
};

function hintFor({ code, responseCode }: NodemailerError): string {
  if (responseCode === 552) return TOO_LARGE;
  return (
    HINTS[code ?? ''] ??
    'Check host and port in mail.transport, that they can be reached, and the certificate.'
  );
}

function refused(server: Server, addresses: readonly string[]): CofreError {
  const hint = 'The others got it. Check these addresses.';
  return mailFailed(`The mail server ${server.host} refused ${addresses.join(', ')}.`, hint);
}
