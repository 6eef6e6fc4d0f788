import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type Certificate, makeCertificate } from '../support/certificate.ts';
import type { AwsServer, Deviation } from './aws-server.ts';
import { freePort, startServer } from './process.ts';
import { ensureVenv, type Venv } from './venv.ts';

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

export interface MiniStackOptions {
  /** For whole stacks: TLS, as their buckets refuse anything else, and functions that run under our own Node. */
  readonly stacks?: boolean;
}

/**
 * Starts MiniStack, with IAM enforced and every signature checked.
 * Sent mail is at `GET /_ministack/ses/messages`, parsed (subject, text, HTML), without attachments;
 * the sender must be verified first.
 *
 * @throws Error when there is no suitable Python, pip fails, or the server does not start.
 */
export async function startMiniStack({ stacks = false }: MiniStackOptions = {}): Promise<AwsServer> {
  const venv = await installMiniStack();
  const port = await freePort();
  const endpoint = `${stacks ? 'https' : 'http'}://127.0.0.1:${port}`;
  const tls = stacks ? trustedCertificate() : undefined;
  let certificate: string | undefined;
  const server = await startServer({
    name: 'ministack',
    command: venv.python,
    args: ['-P', join(here, 'serve.py'), stacks ? join(here, 'ministack_main.py') : 'ministack'],
    env: (folder) => {
      certificate = tls && join(folder, 'server.crt');
      return { ...environment(port, folder), ...(tls && stackEnvironment(folder, tls)) };
    },
    healthUrl: `${endpoint}/_ministack/health`,
  });
  try {
    const credentials = await makeIamUser(endpoint, 'tests', ALL_RIGHTS);
    return {
      name: 'ministack',
      endpoint,
      region,
      credentials,
      stop: server.stop,
      ...(certificate && { certificate }),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

export function installMiniStack(): Promise<Venv> {
  return ensureVenv('ministack', join(here, 'ministack.txt'), ['3.13', '3.12']);
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

/** Makes a certificate and has this process trust it. */
function trustedCertificate(): Certificate {
  const made = makeCertificate();
  setDefaultCACertificates([...getCACertificates(), made.cert]);
  return made;
}

function stackEnvironment(folder: string, { key, cert }: Certificate): Record<string, string> {
  const [certificate, keyFile] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  writeFileSync(certificate, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  return {
    USE_SSL: '1',
    MINISTACK_SSL_CERT: certificate,
    MINISTACK_SSL_KEY: keyFile,
    // Functions run under the first `node` there is.
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
    // Lambda itself waits a minute: longer than the lease of a killed worker.
    LAMBDA_ASYNC_RETRY_BASE_SECONDS: '32',
    LAMBDA_ASYNC_RETRY_MAX_SECONDS: '32',
  };
}

const ALL_RIGHTS = [{ Effect: 'Allow', Action: '*', Resource: '*' }];

/** Makes an IAM user with these rights. The built-in root key `test` would do, but its signatures are never checked. */
export async function makeIamUser(
  endpoint: string,
  UserName: string,
  Statement: readonly object[],
): Promise<AwsServer['credentials']> {
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam(endpoint, { Action: 'CreateUser', UserName });
  await iam(endpoint, { Action: 'PutUserPolicy', UserName, PolicyName: 'rights', PolicyDocument });
  const answer = await iam(endpoint, { Action: 'CreateAccessKey', UserName });
  return {
    accessKeyId: element(answer, 'AccessKeyId'),
    secretAccessKey: element(answer, 'SecretAccessKey'),
  };
}

/**
 * Lets the role of a function send mail, whatever its policy says: MiniStack takes no SendRawEmail for allowed but one
 * on `*`, where SES looks at the identities.
 */
export async function allowMail({ endpoint }: AwsServer, RoleName: string): Promise<void> {
  const Statement = [{ Effect: 'Allow', Action: 'ses:SendRawEmail', Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam(endpoint, { Action: 'PutRolePolicy', RoleName, PolicyName: 'mail', PolicyDocument });
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
