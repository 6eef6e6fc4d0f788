import type { PruneReport, PruneRow } from '../answers/prune.ts';
import type { Backup } from '../catalog.ts';
import type { Cofre } from '../cofre.ts';
import { toCofreError } from '../errors.ts';
import { type PruneRequest, prune } from '../prune.ts';
import type { PrunePolicy } from '../requests/prune.ts';
import type { Decision } from '../retention.ts';

export type { PruneReport } from '../answers/prune.ts';

const DAY_MS = 86_400_000;

/** Names what swaps had kept of a configured database since before `before`, and drops it unless `dryRun`. */
export type Discard = (database: string, before: Date, dryRun: boolean) => Promise<readonly string[]>;

/**
 * A whole pruning: old backups, then the databases that restores by swap had kept on the servers of configured
 * databases. A server that cannot be reached is a warning: it must not keep old backups alive. `discard` stands in for
 * whoever cannot reach the servers itself.
 */
export async function runPrune(
  cofre: Cofre,
  request: PruneRequest,
  discard: Discard = discardOn(cofre),
): Promise<PruneReport> {
  const result = await prune(cofre, request);
  const names = Object.keys(cofre.config.databases).filter((name) =>
    [undefined, name].includes(request.database),
  );
  const now = cofre.clock.now();
  // All at once: a server that cannot be reached takes its time to be given up.
  const looks = names.map(async (name): Promise<Look> => {
    try {
      const before = limitOf(name, request.policy, result.decisions, now);
      const dropped = before ? await discard(name, before, request.dryRun) : [];
      return { replaced: dropped.map((it) => ({ name: it, database: name })), warnings: [] };
    } catch (error) {
      const why = toCofreError(error).message;
      return { replaced: [], warnings: [`What swaps kept of ${name} could not be looked at: ${why}`] };
    }
  });
  const found = await Promise.all(looks);
  const [replaced, warnings] = [found.flatMap((it) => it.replaced), found.flatMap((it) => it.warnings)];
  return { ...result, decisions: result.decisions.map(rowOf), replaced, warnings };
}

type Look = Pick<PruneReport, 'replaced' | 'warnings'>;

function rowOf({ backup, action, reason }: Decision<Backup>): PruneRow {
  const { startedAt, archive } = backup.manifest;
  return { id: backup.id, database: backup.database, startedAt, size: archive.size, action, reason };
}

/** Asks the server of the database itself. */
export function discardOn(cofre: Pick<Cofre, 'database'>): Discard {
  return async (name, before, dryRun) => {
    const { engine, url } = await cofre.database(name);
    return (await engine.discard?.(url, before, dryRun)) ?? [];
  };
}

/** As old as the policy lets backups become: so many days, or the oldest backup kept. */
function limitOf(
  name: string,
  policy: PrunePolicy,
  decisions: readonly Decision<Backup>[],
  now: Date,
): Date | undefined {
  if ('days' in policy) return new Date(now.getTime() - policy.days * DAY_MS);
  const kept = decisions.filter(({ backup, action }) => action === 'keep' && backup.database === name);
  const times = kept.map(({ backup }) => Date.parse(backup.manifest.startedAt));
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}
