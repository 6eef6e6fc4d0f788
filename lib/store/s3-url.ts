import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { Clock } from '../clock.ts';
import { CofreError } from '../errors.ts';
import { checkKey } from './keys.ts';
import { lazyStore } from './lazy.ts';
import type { Store } from './store.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `s3://bucket` or `s3://bucket/prefix` (Amazon S3 user guide, "General purpose bucket naming rules"). */
const ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s;

/**
 * The store at an address `s3://bucket/prefix`. Region, endpoint and keys come from `env`, under the names that all
 * AWS tools use; what is not there is left to the SDK's own chain (profile, container, instance role).
 * @throws {CofreError} `USAGE` for what is no such address
 */
export function s3StoreFromUrl(url: string, env: Env, options: { clock?: Clock } = {}): Store {
  const [, bucket, prefix = ''] = ADDRESS.exec(url) ?? [];
  if (bucket === undefined) throw notAnAddress();
  const folder = prefix.replace(/\/+$/, '');
  if (folder !== '') checkKey(folder);
  return lazyStore(folder === '' ? `s3://${bucket}` : `s3://${bucket}/${folder}`, async () => {
    const { s3Store } = await import('./s3.ts');
    return s3Store({ bucket, prefix: folder, clientConfig: clientConfig(env), ...options });
  });
}

/** What the environment says about the client. With an endpoint of its own, the bucket goes into the path. */
export function clientConfig(env: Env): S3ClientConfig {
  const endpoint = env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'];
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || (endpoint ? 'us-east-1' : undefined);
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = env['AWS_SESSION_TOKEN'];
  return {
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(region ? { region } : {}),
    ...(accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } }
      : {}),
  };
}

/** Does not repeat the address: people put keys into it. */
function notAnAddress(): CofreError {
  return new CofreError('USAGE', 'This is not the address of an S3 store.', {
    hint: 'Write s3://bucket or s3://bucket/prefix; put the keys into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  });
}
