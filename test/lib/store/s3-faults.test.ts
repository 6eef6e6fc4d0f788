import { ListMultipartUploadsCommand, type S3ClientConfig } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import type { ErrorCode } from '../../../lib/errors.ts';
import { s3Store } from '../../../lib/store/s3.ts';
import type { Store } from '../../../lib/store/store.ts';
import { codeOf, contentOf, digest, inChunks, readAll } from '../../contracts/store/harness.ts';
import type { AwsServer } from '../../servers/aws-server.ts';
import { startLocalStack } from '../../servers/localstack.ts';
import { type Fault, type Injection, startFaultProxy } from '../../support/fault-proxy.ts';
import { connection, makeBucket, PART, plainClient } from './s3-harness.ts';
import { LARGE, OLD, PHASES, type Phase, phase, SMALL } from './s3-phases.ts';

const answer = (status: number, code: string, body?: string): Fault => ({
  kind: 'answer',
  status,
  code,
  ...(body === undefined ? {} : { body }),
});

/** Faults that pass, and what is said when they do not. */
const TRANSIENT: readonly Fault[] = [
  answer(500, 'InternalError'),
  answer(503, 'SlowDown'),
  { kind: 'reset before' },
  { kind: 'reset in request' },
  { kind: 'reset in response' },
  { kind: 'lost answer' },
  { kind: 'stall' },
  { kind: 'stall in response' },
];

/** Faults that no retry mends. */
const FINAL: ReadonlyArray<readonly [Fault, ErrorCode]> = [
  [answer(403, 'AccessDenied'), 'STORE_DENIED'],
  [answer(403, 'SignatureDoesNotMatch'), 'STORE_DENIED'],
  [answer(507, 'XMinioStorageFull'), 'NO_SPACE'],
];

/** The longest a permanent fault may take to be told, ms, at 3 attempts and an idle time-out of 1.5 s. */
const BOUND = 30_000;

/** Pauses of a read, ten times as fast. */
const hurried: Clock = { now: () => new Date(), sleep: (ms, signal) => systemClock.sleep(ms / 10, signal) };

let server: AwsServer;
let bucket: string;
let direct: Store;
beforeAll(async () => {
  server = await startLocalStack();
  bucket = await makeBucket(server);
  direct = openStore(server.endpoint, {});
});
afterAll(() => server?.stop());

function openStore(endpoint: string, config: S3ClientConfig): Store {
  const clientConfig = { ...connection({ ...server, endpoint }), ...config };
  return s3Store({ bucket, prefix: 'p', partSize: PART, clock: hurried, clientConfig });
}

/** Runs `work` with a store that reaches the server through a proxy with this fault. */
async function withFault<T>(
  injection: Injection,
  attempts: number,
  work: (store: Store) => Promise<T>,
): Promise<{ result: T; hits: number }> {
  const proxy = await startFaultProxy(server.endpoint, injection);
  const requestHandler = { connectionTimeout: 1_500, socketTimeout: 1_500 };
  try {
    const result = await work(openStore(proxy.endpoint, { maxAttempts: attempts, requestHandler }));
    return { result, hits: proxy.hits() };
  } finally {
    await proxy.stop();
  }
}

/** Multipart uploads of a key that were neither finished nor aborted, by the server itself. */
async function leftovers(key: string): Promise<number> {
  const command = new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: `p/${key}` });
  return (await plainClient(server).send(command)).Uploads?.length ?? 0;
}

/** Which faults can hit a phase: what has no body cannot be cut in it. */
function faultsOf({ body, answered }: Phase, faults: readonly Fault[]): Fault[] {
  return faults.filter(({ kind }) => {
    if (kind === 'reset in request') return body;
    return answered || !kind.endsWith('in response');
  });
}

const nameOf = (fault: Fault) => (fault.kind === 'answer' ? `${fault.status} ${fault.code}` : fault.kind);

const passing = PHASES.flatMap((one) =>
  faultsOf(one, TRANSIENT).flatMap((fault) => [1, 2].map((times) => ({ one, fault, times }))),
);

describe.concurrent(`a fault that comes once or twice is not noticed (${passing.length} cases)`, () => {
  test.each(passing.map((each) => [each.one.name, nameOf(each.fault), each.times, each] as const))(
    '%s: %s, %i times',
    async (_, __, ___, { one, fault, times }) => {
      const key = crypto.randomUUID();
      await direct.put(key, OLD, { tag: 'old' });
      const injection = { fault, on: one.matches, times };
      const { result, hits } = await withFault(injection, 5, (store) => one.run(store, key));
      expect(hits).toBe(times);
      expect(result).toEqual(one.expected);
      expect(await contentOf(direct, key)).toBe(digest(one.after ?? OLD));
      // Of an upload whose id got lost on the way nobody can know: clearUnfinished is for those.
      const lost =
        one.name === 'CreateMultipartUpload' && fault.kind.match(/response|answer$/) && !('status' in fault);
      expect(await leftovers(key)).toBe(lost ? times : 0);
    },
  );
});

const lasting = PHASES.flatMap((one) => [
  ...faultsOf(one, TRANSIENT).map((fault) => ({ one, fault, code: 'STORE_UNAVAILABLE' })),
  ...FINAL.map(([fault, code]) => ({ one, fault, code })),
]);

/** When the server did what was asked and only its answers are lost, a look at the object tells that all is well. */
const isDone = (one: Phase, fault: Fault) =>
  /^(PutObject|CompleteMultipartUpload)$/.test(one.name) && /^(lost answer|.* in response)$/.test(fault.kind);

describe.concurrent(`a fault that stays ends as the right error, in bounded time (${lasting.length} cases)`, () => {
  test.each(lasting.map((each) => [each.one.name, nameOf(each.fault), each] as const))(
    '%s: %s',
    async (_, __, each) => {
      const { one, fault, code } = each;
      const key = crypto.randomUUID();
      await direct.put(key, OLD, { tag: 'old' });
      const started = performance.now();
      const attempt = withFault({ fault, on: one.matches }, 3, (store) => one.run(store, key));
      expect(await codeOf(attempt)).toBe(isDone(one, fault) ? 'no error' : code);
      expect(performance.now() - started).toBeLessThan(BOUND);
      expect(await contentOf(direct, key)).toBe(digest(isDone(one, fault) ? one.after! : OLD));
      if (one.name !== 'CreateMultipartUpload') expect(await leftovers(key)).toBe(0);
    },
  );
});

describe.concurrent('answers that are lost', () => {
  const complete = phase('CompleteMultipartUpload').matches;
  const put = phase('PutObject').matches;
  const absent = { condition: { absent: true } } as const;
  const lost = { kind: 'lost answer' } as const;

  test('a conditional put whose first answer is lost finds its own object, and succeeds', async () => {
    const key = crypto.randomUUID();
    await withFault({ fault: lost, on: put, times: 1 }, 5, async (store) => {
      const first = await store.put(key, OLD, absent);
      expect(first.etag).toBe((await direct.head(key))?.etag);
    });
    const condition = (await direct.head(key))!;
    const run = (store: Store) => store.put(key, SMALL, { condition });
    const { hits } = await withFault({ fault: lost, on: put, times: 1 }, 5, run);
    expect([hits, await contentOf(direct, key)]).toEqual([1, digest(SMALL)]);
  });

  test('a conditional upload whose completion is answered into the void likewise', async () => {
    const key = crypto.randomUUID();
    const run = (store: Store) => store.upload(key, inChunks(LARGE, 1_000_000), absent);
    const { result, hits } = await withFault({ fault: lost, on: complete, times: 1 }, 5, run);
    expect(hits).toBe(1);
    expect(result).toMatchObject({ key, size: LARGE.length, etag: (await direct.head(key))?.etag });
    expect(await contentOf(direct, key)).toBe(digest(LARGE));
    expect(await leftovers(key)).toBe(0);
  });

  test("another writer's object, of the same bytes even, is not taken for one's own (put, upload)", async () => {
    for (const [on, body] of [
      [put, SMALL],
      [complete, LARGE],
    ] as const) {
      const key = crypto.randomUUID();
      await direct.upload(key, inChunks(body, 1_000_000));
      const run = (store: Store) => store.upload(key, inChunks(body, 1_000_000), absent);
      const attempt = withFault({ fault: lost, on, times: 1 }, 5, run);
      expect(await codeOf(attempt)).toBe('STORE_CONFLICT');
      expect(await leftovers(key)).toBe(0);
    }
  });

  test('a read that breaks off 12 times, each time a little further, ends well', async () => {
    const key = crypto.randomUUID();
    await direct.put(key, OLD);
    const fault = { kind: 'reset in response' } as const;
    const injection = { fault, on: phase('GetObject').matches, times: 12 };
    const { result, hits } = await withFault(injection, 5, (store) => readAll(store.read(key)));
    expect([hits, digest(result)]).toEqual([12, digest(OLD)]);
  });

  test('an object replaced after the connection broke is a conflict, not a mix', async () => {
    const key = crypto.randomUUID();
    await direct.put(key, OLD);
    const on = phase('GetObject').matches;
    const then = () => direct.put(key, Buffer.alloc(OLD.length));
    const fault = { kind: 'reset in response' } as const;
    const attempt = withFault({ fault, on, times: 1, then }, 5, (store) => readAll(store.read(key)));
    expect(await codeOf(attempt)).toBe('STORE_CONFLICT');
  });
});

describe.concurrent('answers that lie', () => {
  const on = phase('CompleteMultipartUpload').matches;
  const error =
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>InternalError</Code><Message>x</Message></Error>';
  const bodies = [
    ['an error', error],
    ['an error and a line break', `${error}\n`],
    ['nothing', ''],
    ['only the blanks that S3 sends while it works', '<?xml version="1.0" encoding="UTF-8"?>\n   '],
    ['a page of some other server', '<html><body>Welcome</body></html>'],
  ] as const;

  test.each(bodies)(
    `a completion answered by 200 with %s is a failure (${bodies.length} cases)`,
    async (_, body) => {
      const key = crypto.randomUUID();
      await direct.put(key, OLD);
      const run = (store: Store) => store.upload(key, inChunks(LARGE, 1_000_000));
      const attempt = withFault({ fault: answer(200, '', body), on }, 3, run);
      expect(await codeOf(attempt)).toBe('STORE_UNAVAILABLE');
      expect(await contentOf(direct, key)).toBe(digest(OLD));
      expect(await leftovers(key)).toBe(0);
    },
  );

  test.each([
    ['ignores it', { status: 200, body: OLD.toString('latin1') }],
    ['sends another one', { status: 206, body: '12345', headers: { 'Content-Range': 'bytes 0-4/3000000' } }],
    ['sends more', { status: 206, body: '1234567', headers: { 'Content-Range': 'bytes 5-9/3000000' } }],
  ])('a read of a range is not fooled by a server that %s (3 cases)', async (_, lie) => {
    const key = crypto.randomUUID();
    await direct.put(key, OLD);
    const fault = { kind: 'answer', code: '', ...lie } as const;
    const read = (store: Store) => readAll(store.read(key, { start: 5, end: 10 }));
    const attempt = withFault({ fault, on: phase('GetObject').matches }, 3, read);
    expect(await codeOf(attempt)).toBe('STORE_UNAVAILABLE');
  });
});

test('a server that is not there is STORE_UNAVAILABLE, and says which one', async () => {
  const store = openStore('http://127.0.0.1:9', { maxAttempts: 2 });
  const error = await store.head('a').catch((caught) => caught);
  expect(error).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining(`s3://${bucket}/p`),
  });
});
