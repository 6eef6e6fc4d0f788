import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { makeSampleDatabase, type SampleSize } from '../../infra/local/sample.ts';
import { type Cofre, openCofre } from '../../lib/cofre.ts';
import { parseConfig } from '../../lib/config.ts';
import type { Logger } from '../../lib/logger.ts';

/** A configuration with the database `desk`, its backups and mails in a folder. */
export interface Room extends AsyncDisposable {
  readonly cofre: Cofre;
  readonly folder: string;
  /** Path of the database. */
  readonly database: string;
  /** What was logged: level and message. */
  readonly log: string[];
  mails(): Promise<ParsedMail[]>;
}

export interface RoomOptions {
  /** Laid over the entry of `desk`. */
  readonly desk?: object;
  readonly size?: SampleSize;
  /** Laid over the configuration. */
  readonly config?: object;
}

const SMALL = { users: 10, tickets: 10, commentsPerTicket: 2 };

export async function openRoom({ desk = {}, size = SMALL, config = {} }: RoomOptions = {}): Promise<Room> {
  const folder = await mkdtemp(join(tmpdir(), 'cofre-functions-'));
  const database = join(folder, 'desk.sqlite3');
  makeSampleDatabase(database, size);
  const parsed = parseConfig(
    {
      store: './backups',
      databases: { desk: { url: 'sqlite:./desk.sqlite3', ...desk } },
      mail: { transport: 'outbox:./outbox', from: 'cofre@example.com', recipients: ['admin@example.com'] },
      ...config,
    },
    folder,
    'the test',
  );
  const log: string[] = [];
  const note = (level: string) => (message: string) => void log.push(`${level} ${message}`);
  const logger: Logger = { info: note('info'), warn: note('warn'), error: note('error') };
  const cofre = openCofre({ config: parsed, env: {}, logger, publicUrl: 'https://cofre.example.com/prod' });
  return {
    cofre,
    folder,
    database,
    log,
    mails: () => readMails(join(folder, 'outbox')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function readMails(outbox: string): Promise<ParsedMail[]> {
  const files = await readdir(outbox).catch(() => []);
  return await Promise.all(files.sort().map(async (it) => simpleParser(await readFile(join(outbox, it)))));
}
