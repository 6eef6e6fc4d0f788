import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requests, strangePaths } from './arbitraries.ts';
import { expectDescribed, expectFitting } from './description.ts';
import { exchange, type Sent } from './exchange.ts';
import { bounded } from './nasty.ts';
import { type Json, openServer, type TestServer } from './server.ts';

const CANARIES = { CANARY: 'CanaryOfEnv-2b7e', AWS_SECRET_ACCESS_KEY: 'CanaryOfAws-151a' };
const TRANSPORT = 'CanaryOfSmtp-8d4c';
const SECRETS = new RegExp([...Object.values(CANARIES), TRANSPORT].join('|'));
const CONFIG = {
  databases: { shop: { url: 'sqlite:./shop.sqlite3' } },
  mail: { transport: `smtp://u:${TRANSPORT}@127.0.0.1:9`, from: 'cofre@example.com' },
};

let server: TestServer;
let ids: string[];
beforeAll(async () => {
  server = await openServer(CONFIG, CANARIES);
  ids = [];
  for (let n = 0; n < 3; n++) ids.push((await server.backUp()).id);
});
afterAll(() => server[Symbol.asyncDispose]());

async function expectHarmless(sent: Sent): Promise<void> {
  const answer = await exchange(server.port, sent);
  expect(answer.status, `${sent.method} ${sent.path} ${answer.bytes}`).toBeLessThan(500);
  expect(answer.bytes.toString('latin1') + JSON.stringify(answer.headers)).not.toMatch(SECRETS);
  if (!new URL(`http://x${sent.path}`).pathname.startsWith('/api/')) return;
  expectDescribed(sent, answer);
  if (answer.status < 400) expectFitting(sent);
}

describe('the local server', () => {
  it('answers any request as described, never by a failure of its own', async () => {
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(requests(ids), async (request) => {
        sent += 1;
        await expectHarmless(request);
      }),
      bounded(2_000),
    );
    expect(sent).toBeGreaterThan(200);
  });

  it('answers any path', async () => {
    await fc.assert(
      fc.asyncProperty(strangePaths, fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE'), (path, method) =>
        expectHarmless({ method, path }),
      ),
      bounded(1_000),
    );
  });

  it('has lost nothing of the database, logged no secret, and met no error it did not expect', async () => {
    expect(server.desk.sql('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(server.desk.sql('SELECT count(*) AS n FROM orders')).toEqual([{ n: 3 }]);
    expect(server.log()).not.toMatch(SECRETS);
    expect(server.log()).not.toMatch(/INTERNAL|The API failed/);
    const { json } = await server.call('GET', '/api/jobs?limit=200');
    const errors: { code: string; message: string }[] = json.jobs.flatMap((it: Json) => it.error ?? []);
    const expected = ['MAIL_FAILED', 'BUSY', 'BACKUP_NOT_FOUND', 'USAGE'];
    expect(errors.filter(({ code }) => !expected.includes(code))).toEqual([]);
  });
});
