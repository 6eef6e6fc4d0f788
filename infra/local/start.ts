// `npm start`: a first backup of the sample helpdesk, then the API and the admin page. `--once`: only the backup.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { greeting } from '../../lib/cli/commands/serve.ts';
import { formatBytes, formatCount, formatSeconds } from '../../lib/cli/output.ts';
import { openCofre } from '../../lib/cofre.ts';
import { type Config, loadConfig } from '../../lib/config.ts';
import { CofreError, exitCode, toCofreError } from '../../lib/errors.ts';
import { jsonLogger } from '../../lib/logger.ts';
import { runBackup } from '../../lib/tasks/backup.ts';
import { makeSampleDatabase } from './sample.ts';
import { serve } from './serve.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SAMPLE = 'helpdesk';
const say = (line: string) => void process.stdout.write(`${line}\n`);

async function start(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { once, config: file, port } = parse(args);
  const config = loadConfig(file ?? resolve(ROOT, 'cofre.json'), process.cwd());
  if (file === undefined) await firstBackup(config, once, signal);
  if (!once)
    await serve({
      config,
      env: process.env,
      signal,
      onListening: (url) => say(greeting(url)),
      ...(port !== undefined && { port }),
    });
}

function parse(args: readonly string[]) {
  try {
    const options = {
      once: { type: 'boolean' },
      config: { type: 'string' },
      port: { type: 'string' },
    } as const;
    const { once = false, config, port } = parseArgs({ args: [...args], options }).values;
    return { once, config, port: port === undefined ? undefined : portOf(port) };
  } catch (cause) {
    throw new CofreError('USAGE', (cause as Error).message, {
      cause,
      hint: 'npm start -- [--once] [--port N] [--config FILE]',
    });
  }
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error('--port takes a number from 0 to 65535');
}

/** Makes the sample when there is none, and backs it up when it never was, or when asked for. */
async function firstBackup(config: Config, always: boolean, signal: AbortSignal): Promise<void> {
  const cofre = openCofre({
    config,
    env: process.env,
    logger: jsonLogger((line) => void process.stderr.write(line)),
  });
  const path = resolve(ROOT, 'data/helpdesk.sqlite3');
  if (!existsSync(path) && makeSampleDatabase(path)) say(`Made a sample helpdesk database: ${path}`);
  const { backups } = await cofre.catalog.scan(SAMPLE);
  if (backups[0] && !always) return say(`Newest backup of ${SAMPLE}: ${backups[0].id}`);
  const settings = { compression: 'zstd', trigger: 'manual', actor: 'npm start' } as const;
  const made = await runBackup(cofre, { database: await cofre.database(SAMPLE), ...settings }, { signal });
  say(
    `Backed up ${SAMPLE}: ${formatCount(made.rows)} rows, ${formatBytes(made.rawSize)} in ${formatBytes(made.size)}, ${formatSeconds(made.seconds)}`,
  );
  say(`  ${cofre.store.url}/${made.key}`);
  say('Look at it:  npm run -s cofre -- list');
  say(`Bring it back:  npm run -s cofre -- restore ${made.id}`);
}

const abort = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => abort.abort(new CofreError('ABORTED', `Interrupted by ${name}.`)));
}
try {
  await start(process.argv.slice(2), abort.signal);
  // Idle keep-alive connections and timers must not hold the process.
  process.exit(0);
} catch (error) {
  const { message, hint } = toCofreError(error);
  process.stderr.write(`cofre: ${message}${hint ? `\n  ${hint}` : ''}\n`);
  process.exit(exitCode(error));
}
