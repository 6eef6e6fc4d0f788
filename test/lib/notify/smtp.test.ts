import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { simpleParser } from 'mailparser';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import type { CofreError } from '../../../lib/errors.ts';
import { openMailer } from '../../../lib/notify/mailer.ts';
import { freePort } from '../../servers/process.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { mail } from './sample.ts';
import { PASSWORD, PLAIN, type SmtpPeer, smtpUrl, startSmtp, USER } from './smtp-peer.ts';

const peers: SmtpPeer[] = [];

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.stop()));
});

async function start(options: SMTPServerOptions): Promise<SmtpPeer> {
  const peer = await startSmtp(options);
  peers.push(peer);
  return peer;
}

const open = (url: string) => openMailer(url, { folder: '/', env: {} });

async function failureOf(url: string): Promise<CofreError> {
  const error = await open(url)
    .send(mail)
    .then(
      () => undefined,
      (thrown: CofreError) => thrown,
    );
  expect(error).toMatchObject({ code: 'MAIL_FAILED', hint: expect.stringMatching(/./) });
  return error!;
}

/** All of an error that could reach a log. */
const everything = (error: CofreError) =>
  `${error.message} ${error.hint} ${error.stack} ${JSON.stringify(error)} ${error.cause}`;

test('a mail reaches every recipient, whatever the password is made of', async () => {
  const peer = await start(PLAIN);
  await open(smtpUrl(peer.port)).send(mail);
  expect(peer.passwords).toEqual([PASSWORD]);
  expect(peer.received).toMatchObject([{ from: mail.from, to: mail.to }]);
  const parsed = await simpleParser(peer.received[0]!.raw);
  expect(parsed).toMatchObject({ subject: mail.subject, text: mail.text, html: mail.html });
});

test('no user, no login', async () => {
  const peer = await start({ ...PLAIN, authOptional: true });
  await open(`smtp://127.0.0.1:${peer.port}`).send(mail);
  expect(peer.received).toHaveLength(1);
  expect(peer.passwords).toEqual([]);
});

test('a wrong password is MAIL_FAILED and is not shown, though the server repeats it', async () => {
  const peer = await start(PLAIN);
  const error = await failureOf(smtpUrl(peer.port, { password: 'wrong-Pässword%' }));
  expect(peer.passwords).toEqual(['wrong-Pässword%']);
  expect(error.message).toContain('Wrong password *** of cofre@example.com');
  expect(error.hint).toContain('password in mail.transport');
  expect(everything(error)).not.toMatch(/wrong-P/);
  expect(peer.received).toEqual([]);
});

test('a server that asks for a login when there is none is MAIL_FAILED', async () => {
  const peer = await start(PLAIN);
  expect((await failureOf(`smtp://127.0.0.1:${peer.port}`)).message).toMatch(/Authentication|530/i);
});

test('a recipient who is refused is told of, though the others got the mail', async () => {
  const peer = await start(PLAIN);
  const to = ['ana@example.com', 'nobody@example.com'];
  await expect(open(smtpUrl(peer.port)).send({ ...mail, to })).rejects.toMatchObject({
    code: 'MAIL_FAILED',
    message: expect.stringContaining('refused nobody@example.com'),
  });
  expect(peer.received).toMatchObject([{ to: ['ana@example.com'] }]);
});

test('only refused recipients are MAIL_FAILED', async () => {
  const peer = await start(PLAIN);
  const sent = open(smtpUrl(peer.port)).send({ ...mail, to: ['nobody@example.com'] });
  await expect(sent).rejects.toMatchObject({
    code: 'MAIL_FAILED',
    hint: expect.stringContaining('recipients'),
  });
});

test('a message over the limit of the server points to mail.attachLimit', async () => {
  const peer = await start({ ...PLAIN, size: 10_000 });
  const attachments = [{ fileName: 'a', contentType: 'application/zstd', content: Buffer.alloc(20_000) }];
  const sent = open(smtpUrl(peer.port)).send({ ...mail, attachments });
  await expect(sent).rejects.toMatchObject({
    code: 'MAIL_FAILED',
    hint: expect.stringContaining('mail.attachLimit'),
  });
});

test('nobody at the port is MAIL_FAILED', async () => {
  const error = await failureOf(smtpUrl(await freePort()));
  expect(error.message).toContain('ECONNREFUSED');
  expect(everything(error)).not.toContain(PASSWORD);
});

test('a server that says nothing is given up', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  try {
    expect((await failureOf(smtpUrl(port))).message).toMatch(/greeting/i);
  } finally {
    silent.close();
  }
});

test('a password never travels to another machine in the clear', async () => {
  const peer = await start(PLAIN);
  // 0.0.0.0 leads here, but is not known to be this machine.
  const error = await failureOf(smtpUrl(peer.port, { host: '0.0.0.0' }));
  expect(error.hint).toContain('STARTTLS');
  expect(peer.passwords).toEqual([]);
});

test.each(['smtp', 'smtps'])('%s does not trust a certificate that nobody signed', async (scheme) => {
  const peer = await start({ ...makeCertificate(), secure: scheme === 'smtps' });
  const error = await failureOf(smtpUrl(peer.port, { scheme, host: 'localhost' }));
  expect(error.message).toMatch(/self-signed certificate/);
  expect(peer.passwords).toEqual([]);
});

test.each(['smtp', 'smtps'])('%s is encrypted where the server can', async (scheme) => {
  const certificate = makeCertificate();
  const trusted = getCACertificates();
  setDefaultCACertificates([...trusted, certificate.cert]);
  try {
    const peer = await start({ ...certificate, secure: scheme === 'smtps' });
    await open(smtpUrl(peer.port, { scheme, host: 'localhost' })).send(mail);
    expect(peer.received).toMatchObject([{ secure: true, from: mail.from }]);
    expect(USER).toBe(mail.from);
  } finally {
    setDefaultCACertificates(trusted);
  }
});
