import type { DamagedBackup } from '../../answers/backup.ts';
import { CofreError } from '../../errors.ts';
import type { BackupDetail, ListedBackup } from '../../summary.ts';
import type { BackupReport } from '../../tasks/backup.ts';
import type { VerifyReport } from '../../tasks/verify.ts';
import type { BackupChoice } from '../commands/backup.ts';
import {
  describeDamaged,
  describeDetail,
  describeList,
  describeMade,
  describeVerified,
} from '../commands/backup-texts.ts';
import { type Accepted, follow } from './follow.ts';
import { requireNone, type StackSession } from './session.ts';

export async function backupOnStack(session: StackSession, options: BackupChoice): Promise<void> {
  const { api, output, stack } = session;
  const { url, jobs, days, email, recipients, compression } = options;
  requireNone('--stack', { '--url': url, '--jobs': jobs });
  if (recipients && !email)
    throw new CofreError('USAGE', '--recipients goes with --email.', { hint: 'Add --email.' });
  const database = options.database ?? (await onlyDatabase(session));
  const accepted = await api.post<Accepted>('backups', { database, days, email, recipients, compression });
  const report = await follow<BackupReport>(session, accepted);
  output.result(report, () => describeMade(report, stack.store));
}

/** @throws {CofreError} `USAGE` unless the stack has exactly one database */
export async function onlyDatabase({ api }: StackSession): Promise<string> {
  const { databases } = await api.get<{ databases: readonly { readonly name: string }[] }>('databases');
  const names = databases.map(({ name }) => name);
  const [first, ...others] = names;
  if (first !== undefined && others.length === 0) return first;
  throw new CofreError('USAGE', `Which database? The stack has ${names.join(', ') || 'none'}.`, {
    hint: 'Give --database NAME.',
  });
}

interface Page {
  readonly backups: readonly ListedBackup[];
  readonly damaged: readonly DamagedBackup[];
  readonly nextCursor: string | null;
}

/** The API's largest. */
const PAGE = 200;

/** All pages of the list, newest first; what is damaged is on the first. */
export async function* pagesOf({ api }: StackSession, database?: string): AsyncGenerator<Page> {
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page: Page = await api.get<Page>('backups', { database, limit: PAGE, cursor });
    yield page;
    cursor = page.nextCursor;
  }
}

export async function listOnStack(session: StackSession, { database }: { database?: string }): Promise<void> {
  const backups: ListedBackup[] = [];
  const damaged: DamagedBackup[] = [];
  for await (const page of pagesOf(session, database)) {
    backups.push(...page.backups);
    damaged.push(...page.damaged);
  }
  const { output, stack } = session;
  for (const it of damaged) output.note(describeDamaged(it));
  output.result({ backups, damaged }, () => describeList(backups, stack.store));
}

export async function showOnStack({ api, output, stack }: StackSession, id: string): Promise<void> {
  const detail = await api.get<BackupDetail>(`backups/${encodeURIComponent(id)}`);
  output.result(detail, () => describeDetail(detail, stack.store));
}

export async function verifyOnStack(session: StackSession, id: string): Promise<void> {
  const accepted = await session.api.post<Accepted>(`backups/${encodeURIComponent(id)}/verify`);
  const report = await follow<VerifyReport>(session, accepted);
  session.output.result(report, () => describeVerified(report));
}

export async function deleteOnStack(
  { api, output }: StackSession,
  id: string,
  { force = false }: { force?: boolean },
): Promise<void> {
  await api.remove(`backups/${encodeURIComponent(id)}`, { force });
  output.result({ id, deleted: true }, () => `Deleted ${id}.`);
}
