import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Given the server's own empty folder. Nothing else of our environment reaches the server but PATH. */
  readonly env: (folder: string) => Record<string, string>;
  /** The server is up when this URL answers with a 2xx status. */
  readonly healthUrl: string;
  readonly startTimeoutMs?: number;
  /** Time between SIGTERM and SIGKILL. */
  readonly graceMs?: number;
}

export interface ServerProcess {
  stop(): Promise<void>;
}

interface Running {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly output: string[];
}

const OUTPUT_LINES = 40;
const running = new Set<Running>();

process.on('exit', () => {
  for (const server of running) {
    signalGroup(server.child, 'SIGKILL');
    removeFolder(server.folder);
  }
});

/**
 * Starts a server in its own process group and temporary folder, and waits until it is healthy.
 *
 * Its standard input is a pipe that ends when this process dies; see `serve.py`.
 *
 * @throws Error when another server has its port, and when it exits early or is not healthy in time; then
 * the message ends with its last output.
 */
export async function startServer(options: ServerCommand): Promise<ServerProcess> {
  if (await isHealthy(options.healthUrl)) throw new Error(`${options.healthUrl} is another server's`);
  const server = launch(options);
  const stop = () => stopServer(server, options.graceMs ?? 3_000);
  try {
    await untilHealthy(server, options);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

/** A TCP port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('No TCP port to listen on');
  return address.port;
}

function launch({ name, command, args, env }: ServerCommand): Running {
  const folder = mkdtempSync(join(tmpdir(), `cofre-${name}-`));
  const child = spawn(command, args, {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      TMPDIR: folder,
      SERVER_FOLDER: folder,
      ...env(folder),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const server = { child, folder, output: [] };
  child.on('error', (error) => keepLines(server.output, error.message));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => keepLines(server.output, text));
  }
  running.add(server);
  return server;
}

function keepLines(output: string[], text: string): void {
  output.push(...text.split('\n').filter((line) => line.trim() !== ''));
  output.splice(0, output.length - OUTPUT_LINES);
}

async function untilHealthy(server: Running, options: ServerCommand): Promise<void> {
  const { name, healthUrl, startTimeoutMs = 300_000 } = options;
  const deadline = Date.now() + startTimeoutMs;
  while (!(await isHealthy(healthUrl))) {
    if (hasExited(server.child)) throw failure(server, `${name} exited before it was ready`);
    if (Date.now() > deadline) throw failure(server, `${name} was not ready within ${startTimeoutMs} ms`);
    await sleep(50);
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function failure({ output }: Running, message: string): Error {
  return new Error(`${message}. Its last output:\n${output.join('\n')}`);
}

async function stopServer(server: Running, graceMs: number): Promise<void> {
  if (!running.has(server)) return;
  if (!hasExited(server.child)) {
    const exit = once(server.child, 'exit');
    signalGroup(server.child, 'SIGTERM');
    await Promise.race([exit, sleep(graceMs)]);
    signalGroup(server.child, 'SIGKILL');
    await exit;
  }
  signalGroup(server.child, 'SIGKILL');
  removeFolder(server.folder);
  running.delete(server);
}

/** True also for a command that could not be started. */
function hasExited(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
