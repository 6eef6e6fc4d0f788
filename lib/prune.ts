import { type ParsedKey, parseKey } from './archive/names.ts';
import type { VerbDeps } from './backup.ts';
import type { Backup } from './catalog.ts';
import { CofreError } from './errors.ts';
import type { PrunePolicy } from './requests/prune.ts';
import { type Decision, decide, hasExpired, newest, type RetentionDays } from './retention.ts';
import { unlessGone } from './unless-gone.ts';

export interface PruneRequest {
  /** One database, or all that have backups. */
  readonly database?: string | undefined;
  readonly policy: PrunePolicy;
  readonly dryRun: boolean;
}

export interface PruneResult {
  readonly dryRun: boolean;
  readonly decisions: readonly Decision<Backup>[];
  /** Backups removed; 0 in a dry run. */
  readonly removed: number;
  readonly freedBytes: number;
}

/** An upload that is so old is nobody's any more, ms. */
const UNFINISHED_MS = 24 * 3_600_000;
/** Job records are kept for so many days. */
export const JOB_DAYS = 30;

/**
 * Applies an explicit policy to what the catalog lists, database by database, and to nothing else. The newest whole
 * backup of each stays, and wears `hold` before the first one goes.
 * @throws {CofreError} `USAGE` for an empty policy.
 */
export async function prune(
  deps: VerbDeps,
  { database, policy, dryRun }: PruneRequest,
): Promise<PruneResult> {
  requirePolicy(policy);
  const { backups } = await deps.catalog.scan(database);
  const names = [...new Set(backups.map((it) => it.database))].sort();
  const now = deps.clock.now();
  const decisions = names.flatMap((name) =>
    decide(
      backups.filter((it) => it.database === name),
      policy,
      now,
    ),
  );
  if (dryRun) return { dryRun, decisions, removed: 0, freedBytes: 0 };
  for (const name of names) await deps.catalog.settleHold(name);
  const gone = decisions.filter((it) => it.action === 'remove').map((it) => it.backup);
  for (const backup of gone) await deps.catalog.remove(backup);
  await clearUnfinished(deps);
  return { dryRun, decisions, removed: gone.length, freedBytes: gone.reduce((sum, it) => sum + size(it), 0) };
}

const size = (backup: Backup) => backup.manifest.archive.size;

function requirePolicy(policy: PrunePolicy): void {
  const value = 'days' in policy ? policy.days : policy.keepLast;
  if (Number.isInteger(value) && value >= 1) return;
  throw new CofreError('USAGE', 'prune needs a policy of at least 1.', {
    hint: 'Give --days N or --keep-last N; see what would go with --dry-run.',
  });
}

/** Makes the store hold what it should, also after kills: each newest whole backup held, no uploads of the dead. */
export async function settle(deps: VerbDeps): Promise<void> {
  const { backups } = await deps.catalog.scan();
  for (const name of new Set(backups.map((it) => it.database))) await deps.catalog.settleHold(name);
  await clearUnfinished(deps);
}

async function clearUnfinished({ store, clock, logger }: VerbDeps): Promise<void> {
  const cleared = await store.clearUnfinished(new Date(clock.now().getTime() - UNFINISHED_MS));
  if (cleared > 0) logger.info('Cleared unfinished uploads of killed backups.', { cleared });
}

/**
 * Deletes one backup by hand.
 * @throws {CofreError} `BACKUP_HELD` for the newest whole one of its database, unless `force`.
 */
export async function remove(deps: VerbDeps, backup: Backup, force: boolean): Promise<void> {
  const { backups } = await deps.catalog.scan(backup.database);
  const isNewest = newest(backups)?.id === backup.id;
  if (isNewest && !force) {
    throw new CofreError('BACKUP_HELD', `${backup.id} is the newest whole backup of ${backup.database}.`, {
      hint: 'Make a newer backup first, or force the deletion (--force).',
    });
  }
  await deps.catalog.remove(backup);
  if (isNewest) await deps.catalog.settleHold(backup.database);
}

/**
 * What lifecycle rules do in S3, for a store that has none: removes the objects of backups, also of killed and damaged
 * ones, whose tag's days have passed, and unfinished uploads. The held ones wear `hold`, which never expires. Returns
 * the keys removed.
 */
export async function expire(deps: VerbDeps, days: RetentionDays): Promise<string[]> {
  const { store, catalog, clock } = deps;
  const databases = new Set((await catalog.scan()).backups.map((it) => it.database));
  for (const name of databases) await catalog.settleHold(name);
  const objects: ParsedObject[] = [];
  for await (const { key, modifiedAt } of store.list('')) {
    const parsed = parseKey(key);
    if (!parsed) continue;
    const expired = hasExpired(await unlessGone(store.getTag(key)), modifiedAt, days, clock.now());
    objects.push({ ...parsed, key, expired });
  }
  const keys = expiredOf(objects);
  for (const key of keys) await store.delete(key);
  await clearUnfinished(deps);
  return keys;
}

type ParsedObject = ParsedKey & { readonly key: string; readonly expired: boolean };
const rank = ({ kind }: ParsedKey) => (kind === 'manifest' ? 0 : 1);

/**
 * Manifests first, so that no backup is ever listed without its archive; for the same reason an archive, which is the
 * older of the two, waits for its manifest. The record of a restore test is younger, and goes with its backup.
 */
function expiredOf(objects: readonly ParsedObject[]): string[] {
  const staying = new Set(objects.filter((it) => it.kind === 'manifest' && !it.expired).map((it) => it.id));
  const gone = objects.filter((it) => !staying.has(it.id) && (it.expired || it.kind === 'restore-test'));
  return gone.toSorted((a, b) => rank(a) - rank(b)).map((it) => it.key);
}
