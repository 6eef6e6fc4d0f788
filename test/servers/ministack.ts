import { join } from 'node:path';
import type { AwsServer, Deviation } from './aws-server.ts';
import { freePort, startServer } from './process.ts';
import { ensureVenv } from './venv.ts';

const here = import.meta.dirname;
const region = 'us-east-1';

/** Where MiniStack 1.5.33 differs from S3. */
export const known: readonly Deviation[] = [
  {
    behaviour: 'tags on a multipart upload',
    instead: {},
    note: 'Tags given to CreateMultipartUpload are dropped; only a later PutObjectTagging sets them.',
  },
  {
    behaviour: 'part under 5 MiB before the last',
    instead: 'ok',
    note: 'A writer that makes parts too small is not caught here.',
  },
  { behaviour: 'parts completed out of order', instead: 'ok', note: 'The list is sorted silently.' },
  {
    behaviour: 'full-object CRC32 of a multipart upload',
    instead: '400 BadDigest',
    note: 'ChecksumType FULL_OBJECT is taken for COMPOSITE, so the right checksum is refused.',
  },
  { behaviour: 'full-object SHA-256', instead: 'ok', note: 'As above: the checksum type is ignored.' },
  {
    behaviour: 'HeadObject of one part',
    instead: 5_242_890,
    note: 'PartNumber is ignored: the size is the whole.',
  },
  { behaviour: 'encryption by default', instead: undefined, note: 'The answer to PutObject does not tell.' },
  {
    behaviour: 'expiry told by HeadObject',
    instead: undefined,
    note: 'There is no x-amz-expiration header.',
  },
];

/**
 * Starts MiniStack, with IAM enforced and every signature checked.
 * Sent mail is at `GET /_ministack/ses/messages`, parsed (subject, text, HTML), without attachments;
 * the sender must be verified first.
 *
 * @throws Error when there is no suitable Python, pip fails, or the server does not start.
 */
export async function startMiniStack(): Promise<AwsServer> {
  const venv = await ensureVenv('ministack', join(here, 'ministack.txt'), ['3.13', '3.12']);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = await startServer({
    name: 'ministack',
    command: venv.python,
    args: ['-P', join(here, 'serve.py'), 'ministack'],
    env: (folder) => environment(port, folder),
    healthUrl: `${endpoint}/_ministack/health`,
  });
  try {
    return { name: 'ministack', endpoint, region, credentials: await makeUser(endpoint), stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function environment(port: number, folder: string): Record<string, string> {
  return {
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    AUTH: 'true',
    // These two listen on fixed ports of every address.
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    STATE_DIR: join(folder, 'state'),
    S3_DATA_DIR: join(folder, 's3'),
  };
}

/**
 * Makes an IAM user with all rights. The built-in root key `test` would do, but its signatures are
 * never checked.
 */
async function makeUser(endpoint: string): Promise<AwsServer['credentials']> {
  const UserName = 'tests';
  const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam(endpoint, { Action: 'CreateUser', UserName });
  await iam(endpoint, { Action: 'PutUserPolicy', UserName, PolicyName: 'all', PolicyDocument });
  const answer = await iam(endpoint, { Action: 'CreateAccessKey', UserName });
  return {
    accessKeyId: element(answer, 'AccessKeyId'),
    secretAccessKey: element(answer, 'SecretAccessKey'),
  };
}

async function iam(endpoint: string, parameters: Record<string, string>): Promise<string> {
  const scope = `test/20260101/${region}/iam/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const body = new URLSearchParams({ Version: '2010-05-08', ...parameters });
  const response = await fetch(endpoint, { method: 'POST', headers: { authorization }, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`IAM ${parameters['Action']} failed with ${response.status}: ${text}`);
  return text;
}

function element(xml: string, name: string): string {
  const value = new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1];
  if (value === undefined) throw new Error(`No ${name} in ${xml}`);
  return value;
}
