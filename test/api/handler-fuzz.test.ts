import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { atThisMachine } from '../../functions/access/caller.ts';
import { createApiHandler } from '../../functions/api.ts';
import type { Invoke } from '../../functions/events.ts';
import { openCofre } from '../../lib/cofre.ts';
import { loadConfig } from '../../lib/config.ts';
import { silentLogger } from '../../lib/logger.ts';
import { type Desk, openDesk } from '../cli/cli.ts';
import { backUpDaysAgo } from '../cli/seed.ts';
import { requests } from './arbitraries.ts';
import type { Sent } from './exchange.ts';
import { bounded, nasty } from './nasty.ts';

let desk: Desk;
const ids: string[] = [];
beforeAll(async () => {
  desk = await openDesk();
  for (const days of [1, 2, 3]) ids.push((await backUpDaysAgo(desk.folder, days)).id);
});
afterAll(() => desk[Symbol.asyncDispose]());

const isId = (it: unknown) => typeof it === 'string' && /^shop-\d{8}-\d{6}$/.test(it);

const isOff = (it: unknown) => it === undefined || it === false;

/** What may be handed to a function: exactly these fields, of these types. */
const EVENTS = {
  backup: {
    database: (it: unknown) => it === 'shop',
    trigger: (it: unknown) => it === 'manual',
    compression: (it: unknown) => ['zstd', 'gzip', 'none', undefined].includes(it as string),
    days: (it: unknown) =>
      it === undefined || (Number.isInteger(it) && (it as number) >= 1 && (it as number) <= 36_500),
    email: (it: unknown) => ['boolean', 'undefined'].includes(typeof it),
    recipients: (it: unknown) =>
      it === undefined || (Array.isArray(it) && it.every((to) => /^[^\s@]+@[^\s@]+$/.test(to))),
  },
  restore: {
    database: (it: unknown) => it === 'shop',
    backup: isId,
    safetyBackup: (it: unknown) => ['boolean', 'undefined'].includes(typeof it),
    // What SQLite cannot do is refused before anything is handed over.
    mode: (it: unknown) => [undefined, 'transaction'].includes(it as string),
    ...Object.fromEntries(
      ['noOwner', 'noPrivileges', 'terminateConnections', 'replace'].map((name) => [name, isOff]),
    ),
  },
  undo: { never: () => false },
  verify: { backup: isId },
  restoreTest: { backup: isId },
  prune: { never: () => false },
  remove: { never: () => false },
} as const;
const COMMON = {
  actor: (it: unknown) => it === 'admin page',
  job: (it: unknown) => typeof it === 'string' && /^\d{8}T\d{6}-[0-9a-f]{8}$/.test(it),
};

function expectEvent(kind: keyof Invoke, event: object): void {
  const known: Record<string, (it: unknown) => boolean> = { ...COMMON, ...EVENTS[kind] };
  expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
  for (const key of [...Reflect.ownKeys(event), ...Object.keys(known)] as string[])
    expect([key, known[key]?.((event as Record<string, unknown>)[key])]).toEqual([key, true]);
}

type Handed = [kind: keyof Invoke, event: object];

/** Notes what is handed over instead of running it. */
function recorder(handed: Handed[]): Invoke {
  const note = (kind: keyof Invoke) => async (event: object) => void handed.push([kind, event]);
  const never = async () => expect.unreachable('nothing of this test removes anything');
  return {
    backup: note('backup'),
    restore: note('restore'),
    restoreTest: note('restoreTest'),
    undo: note('undo'),
    verify: note('verify'),
    prune: never,
    remove: never,
  };
}

it('hands only what was checked to the functions', async () => {
  const handed: Handed[] = [];
  const cofre = openCofre({ config: loadConfig(undefined, desk.folder), env: {}, logger: silentLogger });
  const api = createApiHandler({
    cofre,
    invoke: recorder(handed),
    identify: atThisMachine,
    anchor: new Date(),
  });
  // Those that remove backups hand nothing over, and would leave nothing to verify or restore.
  const handing = requests(ids).filter(({ method, path }) => method === 'POST' && !path.includes('/prune'));
  await fc.assert(
    fc.asyncProperty(handing, nasty, async (sent, junk) => {
      const { statusCode, body } = await api(eventOf(sent, junk));
      expect(statusCode, `${sent.method} ${sent.path} ${body}`).toBeLessThan(500);
    }),
    bounded(2_500),
  );
  expect(new Set(handed.map(([kind]) => kind)).size).toBe(4);
  for (const [kind, event] of handed) expectEvent(kind, event);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

/** A proxy event, also with what no HTTP client could send. */
function eventOf({ method, path, headers = {}, body }: Sent, junk: unknown): APIGatewayProxyEvent {
  const url = new URL(`http://x${path}`);
  const event = {
    httpMethod: method,
    path: url.pathname,
    headers: { ...headers, 'X-Junk': JSON.stringify(junk), cookie: JSON.stringify(junk) },
    queryStringParameters: Object.fromEntries(url.searchParams),
    body: body === undefined ? null : Buffer.from(body).toString('base64'),
    isBase64Encoded: body !== undefined,
    requestContext: {},
  };
  return event as unknown as APIGatewayProxyEvent;
}
