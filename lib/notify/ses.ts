import type { SESClientConfig } from '@aws-sdk/client-ses';
import type { CofreError } from '../errors.ts';
import {
  ANSWER_TIMEOUT,
  CONNECT_TIMEOUT,
  type Environment,
  type Mail,
  type Mailer,
  mailFailed,
} from './mail.ts';
import { encode } from './mime.ts';

/** Amazon SES. Its client is loaded only when there is a mail to send. */
export function sesMailer(env: Environment): Mailer {
  return {
    send: async (mail) => {
      const message = await encode(mail);
      try {
        await sendRaw(sesConfig(env), mail, message);
      } catch (error) {
        throw failure(error as Error);
      }
    },
  };
}

async function sendRaw(config: SESClientConfig, { from, to }: Mail, message: Buffer): Promise<void> {
  const { SESClient, SendRawEmailCommand } = await import('@aws-sdk/client-ses');
  const client = new SESClient(config);
  try {
    const envelope = { Source: from, Destinations: [...to] };
    await client.send(new SendRawEmailCommand({ ...envelope, RawMessage: { Data: message } }));
  } finally {
    client.destroy();
  }
}

/** What the SDK would take from `process.env`, taken from `env`; its own chain fills in what is not there. */
function sesConfig(env: Environment): SESClientConfig {
  const endpoint = env['AWS_ENDPOINT_URL_SES'] || env['AWS_ENDPOINT_URL'];
  const region = env['AWS_REGION'];
  return {
    ...(endpoint && { endpoint }),
    ...(region && { region }),
    ...credentials(env),
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT,
      requestTimeout: ANSWER_TIMEOUT,
      throwOnRequestTimeout: true,
    },
  };
}

/** A profile comes before keys, as in the SDK. */
function credentials(env: Environment): Pick<SESClientConfig, 'credentials'> {
  const [accessKeyId, secretAccessKey] = [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY']];
  const sessionToken = env['AWS_SESSION_TOKEN'];
  if (env['AWS_PROFILE'] || !accessKeyId || !secretAccessKey) return {};
  return { credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } };
}

function failure(error: Error): CofreError {
  const why = (error.message || 'no answer').replace(/\.$/, '');
  return mailFailed(`Amazon SES did not take the mail: ${error.name}: ${why}.`, hintFor(error), error);
}

function hintFor({ name, message }: Error): string {
  if (name === 'MessageRejected' || /not verified/i.test(message)) {
    return 'Verify mail.from in SES; in the SES sandbox, each recipient too, or ask AWS for production access.';
  }
  if (/AccessDenied|UnrecognizedClient|InvalidClientTokenId|Signature|ExpiredToken|Credentials/.test(name)) {
    return 'Check the credentials and the right ses:SendRawEmail.';
  }
  if (/length|size|too long/i.test(message)) {
    return 'SES takes messages of 10 MB: lower mail.attachLimit to 7000000 or less.';
  }
  return 'Check AWS_REGION, that SES is in use there, and that it can be reached.';
}
