import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface Received {
  readonly from: string;
  /** Recipients of the envelope, who are the ones that get the mail. */
  readonly to: readonly string[];
  readonly raw: Buffer;
  readonly secure: boolean;
}

export interface SmtpPeer {
  readonly port: number;
  readonly received: Received[];
  /** Passwords that were tried, whether right or wrong. */
  readonly passwords: string[];
  stop(): Promise<void>;
}

export const USER = 'cofre@example.com';
/** Of every kind that needs care in a URL, a shell or a protocol. */
export const PASSWORD = 'p@ss:w/o#r d?%é"\'$\\';

/** A mail server on loopback. Its users are `USER`; addresses that start with `nobody` are refused. */
export async function startSmtp(options: SMTPServerOptions = {}): Promise<SmtpPeer> {
  const received: Received[] = [];
  const passwords: string[] = [];
  const server = new SMTPServer({
    logger: false,
    closeTimeout: 500,
    onAuth({ username, password }, _session, done) {
      passwords.push(password ?? '');
      if (username === USER && password === PASSWORD) done(null, { user: username });
      else done(new Error(`Wrong password ${password} of ${username}`));
    },
    onRcptTo({ address }, _session, done) {
      done(address.startsWith('nobody') ? new Error('There is nobody of that name') : null);
    },
    onData(stream, { envelope, secure }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(Object.assign(new Error('Too large'), { responseCode: 552 }));
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        const to = envelope.rcptTo.map(({ address }) => address);
        received.push({ from, to, raw: Buffer.concat(chunks), secure });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {}); // a client that distrusts our certificate hangs up; the client's error is what counts
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return { port, received, passwords, stop: () => new Promise((stopped) => server.close(() => stopped())) };
}

/** No TLS at all, as on a relay of the own machine. */
export const PLAIN: SMTPServerOptions = { disabledCommands: ['STARTTLS'], allowInsecureAuth: true };

export function smtpUrl(
  port: number,
  { password = PASSWORD, scheme = 'smtp', host = '127.0.0.1' } = {},
): string {
  return `${scheme}://${encodeURIComponent(USER)}:${encodeURIComponent(password)}@${host}:${port}`;
}
