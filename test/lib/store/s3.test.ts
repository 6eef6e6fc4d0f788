import { describe, expect, test } from 'vitest';
import { storeContract } from '../../contracts/store.ts';
import { startLocalStack } from '../../servers/localstack.ts';
import { startMiniStack } from '../../servers/ministack.ts';
import { deviationsOf, OBSERVE } from './s3-deviations.ts';
import { makeBucket, plainClient, s3Harness } from './s3-harness.ts';

const SERVERS = [
  ['LocalStack', startLocalStack],
  ['MiniStack', startMiniStack],
] as const;

for (const [name, start] of SERVERS) {
  storeContract(`the S3 store on ${name}`, async () => s3Harness(await start()));
}

describe('the servers deviate from S3 as they are listed, so that an entry goes when a server is corrected', () => {
  test.each(SERVERS)(`%s (${OBSERVE.length} questions)`, async (_, start) => {
    const server = await start();
    try {
      const bucket = await makeBucket(server);
      for (const [deviation, observe] of OBSERVE) {
        const deviates = await observe(plainClient(server), bucket);
        expect([deviation, deviates]).toEqual([deviation, deviationsOf(server.name).has(deviation)]);
      }
    } finally {
      await server.stop();
    }
  });
});
