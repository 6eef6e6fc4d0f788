import { simpleParser } from 'mailparser';
import type { AwsServer } from './aws-server.ts';

export interface SentMail {
  readonly from: string;
  readonly subject: string;
  readonly text: string;
}

/**
 * The mails that were sent with SendRawEmail, oldest first. Each emulator has its own way to read them;
 * MiniStack keeps no attachments, so use LocalStack to test those.
 *
 * @throws Error when the server does not answer.
 */
export async function sentMails(server: AwsServer): Promise<SentMail[]> {
  return server.name === 'localstack' ? fromLocalStack(server) : fromMiniStack(server);
}

async function fromLocalStack({ endpoint }: AwsServer): Promise<SentMail[]> {
  const { messages } = (await read(`${endpoint}/_aws/ses`)) as { messages: { RawData: string }[] };
  return Promise.all(messages.map(({ RawData }) => parse(RawData)));
}

async function parse(raw: string): Promise<SentMail> {
  const { from, subject = '', text = '' } = await simpleParser(raw);
  return { from: from?.value[0]?.address ?? '', subject, text };
}

async function fromMiniStack({ endpoint }: AwsServer): Promise<SentMail[]> {
  interface Message {
    readonly Source: string;
    readonly Subject: string;
    readonly BodyText: string;
  }
  const answer = (await read(`${endpoint}/_ministack/ses/messages`)) as {
    messages: Record<string, Message[]>;
  };
  const messages = Object.values(answer.messages).flat();
  return messages.map(({ Source, Subject, BodyText }) => ({
    from: Source,
    subject: Subject,
    text: BodyText,
  }));
}

async function read(url: string): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
