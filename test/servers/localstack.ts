import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsServer, Deviation } from './aws-server.ts';
import { freePort, startServer } from './process.ts';
import { ensureVenv, type Venv } from './venv.ts';

const here = import.meta.dirname;

/** Where LocalStack 4.14.0 differs from S3. */
export const known: readonly Deviation[] = [
  {
    behaviour: 'wrong secret key',
    instead: 'ok',
    note: 'Only presigned URLs have their signature checked, not Authorization headers.',
  },
  { behaviour: 'unknown access key', instead: 'ok', note: 'Any key id is accepted.' },
  { behaviour: 'unsigned GET', instead: 200, note: 'Every object is public.' },
  {
    behaviour: 'DeleteObject with a stale If-Match',
    instead: ['501 NotImplemented', 'kept'],
    note: 'Conditional deletes are refused: whoever uses one needs another way here.',
  },
  {
    behaviour: 'DeleteObject with the right If-Match',
    instead: ['501 NotImplemented', 'kept'],
    note: 'As above.',
  },
  {
    behaviour: 'DeleteObjects with a stale ETag',
    instead: 'gone',
    note: 'The condition is ignored and the object deleted.',
  },
  { behaviour: 'eleven tags', instead: 'ok', note: 'The limit of 10 tags is not enforced on PutObject.' },
];

/**
 * Starts LocalStack (S3, SES, Secrets Manager, STS, IAM) without Docker.
 * Sent mail, with its raw text, is at `GET /_aws/ses`; the sender must be verified first.
 *
 * @throws Error when there is no Python 3.13 (its S3 needs `warnings.deprecated`), pip fails, or the server does not start.
 */
export async function startLocalStack(): Promise<AwsServer> {
  const venv = await installLocalStack();
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = await startServer({
    name: 'localstack',
    command: venv.python,
    args: ['-P', join(here, 'serve.py'), join(here, 'localstack_main.py')],
    env: (folder) => environment(port, folder, venv),
    healthUrl: `${endpoint}/_localstack/health`,
    // An orderly shutdown takes some 5 s, and all it would save is in a folder that is removed next.
    graceMs: 200,
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { name: 'localstack', endpoint, credentials, region: 'us-east-1', stop: server.stop };
}

export function installLocalStack(): Promise<Venv> {
  return ensureVenv('localstack', join(here, 'localstack.txt'), ['3.13'], {
    script: join(here, 'localstack_catalog.py'),
    env: { FILESYSTEM_ROOT: '.', OVERRIDE_IN_DOCKER: '0' },
  });
}

function environment(port: number, folder: string, venv: Venv): Record<string, string> {
  shareCatalog(folder, venv);
  return {
    FILESYSTEM_ROOT: folder,
    CONFIG_DIR: folder,
    S3_FILES: join(folder, 's3'),
    // Inside any container LocalStack believes it is in its own image, and writes to /var/lib and /etc.
    OVERRIDE_IN_DOCKER: '0',
    // The default server, Twisted, ignores the address and listens on all of them.
    GATEWAY_SERVER: 'hypercorn',
    GATEWAY_LISTEN: `127.0.0.1:${port}`,
    DNS_ADDRESS: '0',
    SKIP_SSL_CERT_DOWNLOAD: '1',
    DISABLE_EVENTS: '1',
    S3_SKIP_SIGNATURE_VALIDATION: '0',
    SERVICES: 's3,ses,secretsmanager,sts,iam',
  };
}

/** Lets the server read the index that `localstack_catalog.py` made. */
function shareCatalog(folder: string, venv: Venv): void {
  mkdirSync(join(folder, 'usr/lib'), { recursive: true });
  symlinkSync(join(venv.folder, 'usr/lib/localstack'), join(folder, 'usr/lib/localstack'));
}
