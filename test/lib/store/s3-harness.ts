import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { s3Store } from '../../../lib/store/s3.ts';
import { s3Client } from '../../../lib/store/s3-client.ts';
import type { StoreHarness } from '../../contracts/store.ts';
import type { AwsServer } from '../../servers/aws-server.ts';
import { deviationsOf } from './s3-deviations.ts';

const MiB = 2 ** 20;

/** The smallest part that S3 takes before the last one. */
export const PART = 5 * MiB;

/** A store in a fresh bucket of a running server, under a prefix. Stops the server in the end. */
export async function s3Harness(server: AwsServer): Promise<StoreHarness> {
  const bucket = await makeBucket(server);
  const client = s3Client(connection(server));
  const open: StoreHarness['open'] = (clock) =>
    s3Store({ bucket, prefix: 'some/prefix', client, partSize: PART, ...(clock ? { clock } : {}) });
  return {
    store: open(),
    open,
    leaveUnfinished: (key) => leaveUnfinished(client, bucket, `some/prefix/${key}`),
    fetch: (url) => fetch(url),
    partSize: PART,
    deviations: deviationsOf(server.name),
    cleanup: async () => {
      client.destroy();
      await server.stop();
    },
  };
}

/** Makes a bucket that nothing else uses. */
export async function makeBucket(server: AwsServer): Promise<string> {
  const bucket = `cofre-${crypto.randomUUID()}`;
  await plainClient(server).send(new CreateBucketCommand({ Bucket: bucket }));
  return bucket;
}

/** How to reach a server, for any client. */
export function connection({ endpoint, region, credentials }: Omit<AwsServer, 'stop' | 'name'>) {
  return { endpoint, region, credentials, forcePathStyle: true };
}

/** A client with the SDK's own settings, to look at a server independently of the store. */
export function plainClient(server: Omit<AwsServer, 'stop' | 'name'>): S3Client {
  return new S3Client(connection(server));
}

async function leaveUnfinished(client: S3Client, Bucket: string, Key: string): Promise<void> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  await client.send(
    new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: Buffer.alloc(PART) }),
  );
}
