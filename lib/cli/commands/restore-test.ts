import { createInterface } from 'node:readline/promises';
import type { Backup } from '../../catalog.ts';
import { CofreError } from '../../errors.ts';
import { redactUrl } from '../../secrets.ts';
import { engineOf, openPlace, placeAt, runRestoreTest } from '../../tasks/restore-test.ts';
import { Ended } from '../ended.ts';
import { formatBytes } from '../output.ts';
import type { CliSession } from '../session.ts';
import { chooseDatabase } from './backup.ts';
import { describeRestoreTest } from './restore-test-texts.ts';

export interface RestoreTestOptions {
  readonly latest?: boolean;
  readonly database?: string;
  readonly into?: string;
  readonly here?: boolean;
}

/** Exit code when something came back changed. */
const DIFFERENT = 5;

/** Ends with 5 when something that nothing explains differs. */
export async function restoreTestCommand(
  session: CliSession,
  id: string | undefined,
  options: RestoreTestOptions,
): Promise<void> {
  const { cofre, output, actor } = session;
  const backup = await chooseBackup(session, id, options);
  const place = await choosePlace(session, backup, options);
  const report = await session.withProgress((run) => runRestoreTest(cofre, { backup, ...place, actor }, run));
  output.result(report, () => describeRestoreTest(report));
  if (report.result === 'different') throw new Ended(DIFFERENT);
}

async function chooseBackup(
  { cofre }: CliSession,
  id: string | undefined,
  { latest, database }: RestoreTestOptions,
): Promise<Backup> {
  if ((id === undefined) === !latest) {
    throw new CofreError('USAGE', 'Which backup? Give an id, or --latest.', {
      hint: '`cofre list` shows the ids.',
    });
  }
  if (id !== undefined) return await cofre.catalog.find(id);
  return await cofre.catalog.latest(database ?? (await chooseDatabase(cofre, {})).name);
}

async function choosePlace(session: CliSession, backup: Backup, options: RestoreTestOptions) {
  const { cofre } = session;
  const { into, here = false, database = backup.database } = options;
  requireOnePlace(backup, options);
  if (into !== undefined) return placeAt(backup, await cofre.databaseAt(into));
  if (engineOf(backup).urls.kind === 'file') return await openPlace(cofre, backup, undefined);
  const own = await cofre.database(database);
  if (!here) await confirmHere(session, backup, redactUrl(own.url));
  return placeAt(backup, own);
}

function requireOnePlace(
  backup: Backup,
  { into, here = false }: Pick<RestoreTestOptions, 'into' | 'here'>,
): void {
  if (into !== undefined && here) {
    throw new CofreError('USAGE', '--into and --here do not go together.', { hint: 'Give one of them.' });
  }
  const { urls, title } = engineOf(backup);
  if (into === undefined || urls.kind === 'server') return;
  throw new CofreError('USAGE', `A backup of ${title} is restored into the temporary folder: no --into.`, {
    hint: 'Leave it out. Another folder: set TMPDIR.',
  });
}

/**
 * The scratch database takes room and log on a server that others use.
 * @throws {CofreError} `CONFIRMATION_REQUIRED` without a terminal; `ABORTED` for another answer than yes
 */
async function confirmHere({ process }: CliSession, { id, manifest }: Backup, server: string): Promise<void> {
  const { stdin, stderr, signal } = process;
  const size = formatBytes(manifest.archive.rawSize);
  const hint = 'Give --into URL for another server, or --here for its own.';
  if (!stdin.isTTY) {
    throw new CofreError(
      'CONFIRMATION_REQUIRED',
      `On which server? The restore test of ${id} takes room and log there, and there is nobody to ask.`,
      { hint },
    );
  }
  const prompt = createInterface({ input: stdin, output: stderr });
  try {
    const question = `${id} (${size} as SQL) will be restored into a scratch database on the server of ${server}, which takes room and log there.\nGo on? [y/N] `;
    const answer = await prompt.question(question, { signal }).catch(() => '');
    if (!/^\s*y(es)?\s*$/i.test(answer)) throw new CofreError('ABORTED', 'Nothing was done.', { hint });
  } finally {
    prompt.close();
  }
}
