import { expect, test } from 'vitest';
import type { CofreError } from '../../../lib/errors.ts';
import { openMailer } from '../../../lib/notify/mailer.ts';

const options = { folder: '/', env: {} };

test.each([
  'ses:',
  'smtp://localhost',
  'smtps://user:p%40ss@mail.example.com:465',
  'smtp://[::1]:25',
  'outbox:./mails',
])('%s is a transport', (transport) => {
  expect(openMailer(transport, options)).toHaveProperty('send');
});

test.each([
  '',
  'ses',
  'ses:eu-west-1',
  'sesame:',
  'outbox:',
  'smtp:',
  'smtp://',
  'smtp://:secret@',
  'SMTP',
  'http://host:secret@x',
  'file:///secret',
  'smtp://user:secret@host:port',
  'smtp://user:se%cret@host',
  'smtp://user:se#secret@host',
  'smtp://user:secret@host/path',
  'smtp://user:secret@host?tls.rejectUnauthorized=false',
  'smtp://user:secret@host:70000',
])('%s is none, and is not shown', (transport) => {
  const error = thrownBy(() => openMailer(transport, options));
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining('outbox:./folder') });
  expect(`${error.message} ${error.hint} ${error.cause}`).not.toContain('secret');
});

function thrownBy(run: () => unknown): CofreError {
  try {
    run();
  } catch (error) {
    return error as CofreError;
  }
  throw new Error('Nothing was thrown');
}
