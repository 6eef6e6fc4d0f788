import { setTimeout as sleep } from 'node:timers/promises';
import { CofreError } from '../../../errors.ts';
import { oneRow } from '../wire/one-row.ts';
import { type ConnectionSettings, nameOf } from '../wire/url.ts';
import { openMaintenance } from './temporary.ts';

/** How long to try to find out, and between attempts, ms. */
const LIMIT_MS = 60_000;
const EVERY_MS = 500;

const LOOK = `
  SELECT (SELECT oid FROM pg_database WHERE datname = $1) AS oid,
    EXISTS (SELECT FROM pg_stat_activity WHERE pid = $2) AS working`;

interface Look {
  readonly oid: number | null;
  readonly working: boolean;
}

/** What is to be found out. */
export interface Outcome {
  /** A database of this oid has this name, once it is done. */
  readonly name: string;
  readonly oid: number;
  /** How a user can see that it is done: completes "the swap is done if …". */
  readonly sign: string;
}

/**
 * Whether an exchange was done whose connection was lost in its commit: the server knows, once its backend is gone.
 * @throws {CofreError} `TARGET_BUSY` when it cannot be found out
 */
export async function wasCommitted(
  settings: ConnectionSettings,
  { name, oid, sign }: Outcome,
  backend: number,
): Promise<boolean> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  for (;;) {
    try {
      await using session = await openMaintenance(settings, { purpose: 'swap', signal });
      const found = await oneRow<Look>(session.client, LOOK, [name, backend]);
      if (found.oid === oid) return true;
      if (!found.working) return false;
    } catch (error) {
      if (signal.aborted) throw unknown(settings, sign, error);
    }
    await sleep(EVERY_MS);
  }
}

function unknown(settings: ConnectionSettings, sign: string, cause: unknown): CofreError {
  return new CofreError(
    'TARGET_BUSY',
    `The connection was lost in the very moment of the swap of ${nameOf(settings)}, and the server cannot be asked.`,
    {
      cause,
      hint: `Once it runs: the swap is done if ${sign}; else nothing was changed.`,
    },
  );
}
