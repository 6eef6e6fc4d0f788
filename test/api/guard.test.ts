import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange } from './exchange.ts';
import { openServer, type TestServer } from './server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const own = () => `127.0.0.1:${server.port}`;

/** Everything that would change or show something, as a foreign page could ask for it. */
const TARGETS = [
  ['GET', '/api/databases'],
  ['POST', '/api/backups'],
  ['GET', '/'],
  ['GET', '/files/shop/x'],
] as const;

async function statuses(headers: Record<string, string>): Promise<number[]> {
  const json = { 'content-type': 'application/json' };
  const all = TARGETS.map(async ([method, path]) => {
    const body = method === 'POST' ? { body: '{"database":"shop"}' } : {};
    const answer = await exchange(server.port, { method, path, headers: { ...json, ...headers }, ...body });
    if (answer.status === 403) expect(answer.headers['content-type']).toBe('application/problem+json');
    return answer.status;
  });
  return await Promise.all(all);
}

/** Sends bytes as they are and returns what comes back. */
async function raw(request: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  socket.write(request);
  return await text(socket);
}

describe('refused, whatever is asked for', () => {
  it.each([
    ['a foreign Host (DNS rebinding)', { host: 'evil.example.com' }],
    ['a foreign Host with the right port', () => ({ host: `evil.example.com:${server.port}` })],
    ['a Host that only begins right', () => ({ host: `127.0.0.1.nip.io:${server.port}` })],
    ['a Host with another port', { host: '127.0.0.1:1' }],
    ['the address of all interfaces', () => ({ host: `0.0.0.0:${server.port}` })],
    ['a foreign Origin', { origin: 'https://evil.example.com' }],
    ['the Origin of a sandboxed page', { origin: 'null' }],
    ['the Origin of another port', { origin: 'http://127.0.0.1:1' }],
    ['the own Origin with https', () => ({ origin: `https://${own()}` })],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a cross-site fetch with CORS', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }],
  ])('%s', async (_, headers) => {
    const given: Record<string, string> = typeof headers === 'function' ? headers() : headers;
    expect(await statuses(given)).toEqual([403, 403, 403, 403]);
    expect((await server.call('GET', '/api/jobs')).json.jobs).toEqual([]);
  });

  it('no Host at all: HTTP/1.0 and HTTP/1.1', async () => {
    expect(await raw('GET /api/databases HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 403 /);
    expect(await raw('GET /api/databases HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('a foreign name in the request line is a path that is not there', async () => {
    const request = `GET http://evil.example.com/api/databases HTTP/1.1\r\nHost: ${own()}\r\nConnection: close\r\n\r\n`;
    expect(await raw(request)).toMatch(/^HTTP\/1\.1 404 /);
  });
});

describe('let through', () => {
  it.each([
    ['no browser at all', {}],
    [
      'the own page',
      () => ({ origin: `http://${own()}`, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }),
    ],
    ['localhost', () => ({ host: `localhost:${server.port}`, origin: `http://localhost:${server.port}` })],
    ['a link in a mail', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
  ])('%s', async (_, headers) => {
    const given: Record<string, string> = typeof headers === 'function' ? headers() : headers;
    expect((await exchange(server.port, { path: '/api/databases', headers: given })).status).toBe(200);
  });
});

describe('listens on 127.0.0.1 only', () => {
  const others = Object.values(networkInterfaces())
    .flatMap((it) => it ?? [])
    .map((it) => it.address);

  it.each(['127.0.0.2', '::1', ...others.filter((it) => it !== '127.0.0.1')])(
    'not on %s',
    async (address) => {
      await expect(exchange(server.port, { path: '/', address })).rejects.toThrow(
        /ECONNREFUSED|EADDRNOTAVAIL|EINVAL|ENETUNREACH/,
      );
    },
  );
});

describe('the admin page', () => {
  it('is served with a strict policy, and revalidated', async () => {
    const { status, headers, bytes } = await exchange(server.port, { path: '/' });
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(bytes.toString()).toMatch(/^<!doctype html>/i);
    const again = await exchange(server.port, { path: '/', headers: { 'if-none-match': headers.etag! } });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
  });

  it.each(['/../cofre.json', '/%2e%2e/cofre.json', '/cofre.json', '/main.tsx', '/nothing'])(
    'has nothing at %s',
    async (path) => {
      expect((await exchange(server.port, { path })).status).toBe(404);
    },
  );
});
