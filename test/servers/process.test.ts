import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort, type ServerCommand, startServer } from './process.ts';

// Answers with its folder, and has a child that would outlive it.
const program = `
  require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit' });
  require('node:http').createServer((_, response) => response.end(process.cwd())).listen(process.env.PORT);
`;

async function command(script: string): Promise<ServerCommand> {
  const port = String(await freePort());
  return {
    name: 'test',
    command: process.execPath,
    args: ['-e', script],
    env: () => ({ PORT: port }),
    healthUrl: `http://127.0.0.1:${port}/`,
    startTimeoutMs: 120_000,
  };
}

test('starts in a folder of its own, which stop removes', async () => {
  const options = await command(program);
  const server = await startServer(options);
  const folder = await (await fetch(options.healthUrl)).text();
  expect(existsSync(folder)).toBe(true);
  await server.stop();
  expect(existsSync(folder)).toBe(false);
  await expect(fetch(options.healthUrl)).rejects.toThrow();
});

test('stop may be called twice', async () => {
  const server = await startServer(await command(program));
  await Promise.all([server.stop(), server.stop()]);
});

test('a server that ignores SIGTERM is killed', async () => {
  const options = { ...(await command(`process.on('SIGTERM', () => {});${program}`)), graceMs: 100 };
  const server = await startServer(options);
  await server.stop();
  await expect(fetch(options.healthUrl)).rejects.toThrow();
});

test('an early exit is reported with the last 40 lines of output', async () => {
  const failing = await command(
    `for (let i = 1; i <= 50; i++) console.log('line ' + i + '.'); process.exit(1)`,
  );
  const error = await startServer(failing).catch((reason: Error) => reason.message);
  expect(error).toContain('test exited before it was ready');
  expect(error).not.toContain('line 10.');
  expect(error).toContain('line 11.');
  expect(error).toContain('line 50.');
});

test('a missing command is reported', async () => {
  const missing = { ...(await command('')), command: '/no/such/program' };
  await expect(startServer(missing)).rejects.toThrow('ENOENT');
});

test('a server that never answers is given up', async () => {
  const silent = { ...(await command('setInterval(() => {}, 1000)')), startTimeoutMs: 300 };
  await expect(startServer(silent)).rejects.toThrow('not ready within 300 ms');
});

const stranger = createServer((_, response) => response.end());
beforeAll(() => void stranger.listen(0, '127.0.0.1'));
afterAll(() => void stranger.close());

test('a server whose port another one has is not taken for healthy', async () => {
  const { port } = stranger.address() as { port: number };
  const healthUrl = `http://127.0.0.1:${port}/`;
  const late = { ...(await command(program)), healthUrl };
  await expect(startServer(late)).rejects.toThrow("another server's");
});
