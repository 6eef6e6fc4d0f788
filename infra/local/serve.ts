import type { Server } from 'node:http';
import { atThisMachine } from '../../functions/access/caller.ts';
import { createAdminHandler } from '../../functions/admin.ts';
import { createApiHandler } from '../../functions/api.ts';
import { createBackupHandler } from '../../functions/backup.ts';
import type { ServeOptions } from '../../lib/cli/commands/serve.ts';
import { openCofre } from '../../lib/cofre.ts';
import { jsonLogger } from '../../lib/logger.ts';
import type { DirectoryStore } from '../../lib/store/directory.ts';
import { invokeInProcess } from './invoke.ts';
import { loadPage } from './page.ts';
import { runSchedules } from './scheduler.ts';
import { listen, route } from './server.ts';

/** The stack on one machine: API, page, functions called in process, schedules. Returns when `signal` fires. */
export async function serve(options: ServeOptions): Promise<void> {
  const { server, port } = await listen(options.port ?? options.config.server.port);
  const running = new Set<Promise<void>>();
  try {
    await run(options, server, port, running);
  } finally {
    server.close();
    await Promise.allSettled(running);
    server.closeAllConnections();
  }
}

async function run(
  options: ServeOptions,
  server: Server,
  port: number,
  running: Set<Promise<void>>,
): Promise<void> {
  const { config, env, signal, store } = options;
  const address = `http://127.0.0.1:${port}`;
  const logger = jsonLogger((line) => void process.stderr.write(line));
  const publicUrl = config.server.publicUrl ?? address;
  const cofre = openCofre({ config, env, logger, publicUrl, ...(store !== undefined && { store }) });
  const anchor = cofre.clock.now();
  const backup = createBackupHandler(cofre, signal);
  const api = createApiHandler({
    cofre,
    invoke: invokeInProcess(cofre, backup, signal, running),
    identify: atThisMachine,
    anchor,
  });
  const files = 'verifyDownload' in cofre.store ? (cofre.store as DirectoryStore) : undefined;
  route(server, port, { api, page: createAdminHandler(await loadPage(), logger), files }, logger);
  options.onListening(address);
  await runSchedules(cofre, backup, anchor, signal);
  await until(signal);
}

function until(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
