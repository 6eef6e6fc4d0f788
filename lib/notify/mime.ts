import { createTransport, type SendMailOptions } from 'nodemailer';
import type { Mail } from './mail.ts';

/**
 * The mail in nodemailer's terms. Addresses are given as objects, never as text to parse, and content as bytes, never
 * as a path or a URL to fetch.
 */
export function toMessage({ from, to, subject, text, html, attachments = [] }: Mail): SendMailOptions {
  return {
    from: { name: 'Cofre', address: from },
    to: to.map((address) => ({ name: '', address })),
    subject,
    text,
    html,
    // Keeps out-of-office replies away (RFC 3834, 5).
    headers: { 'Auto-Submitted': 'auto-generated' },
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
    attachments: attachments.map(({ fileName, contentType, content }) => ({
      filename: fileName,
      contentType,
      content: Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    })),
  };
}

/** The whole message as it travels (RFC 5322), lines ended by CRLF. */
export async function encode(mail: Mail): Promise<Buffer> {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return (await composer.sendMail(toMessage(mail))).message as Buffer;
}
