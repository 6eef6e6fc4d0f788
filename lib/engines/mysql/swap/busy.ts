import { CofreError } from '../../../errors.ts';
import { type ConnectionSettings, nameOf } from '../connection/url.ts';
import { type Blockers, describe } from './blockers.ts';

export interface ExchangeLimits {
  /** How long to wait for others to let go of the tables, ms. */
  readonly lockWaitMs: number;
  readonly terminateConnections: boolean;
}

/** Others would not let go of the tables. */
export function busy(
  settings: ConnectionSettings,
  limits: ExchangeLimits,
  { sessions, isSure, refusal }: Blockers,
  cause: unknown,
): CofreError {
  const seconds = limits.lockWaitMs / 1_000;
  const names = sessions.slice(0, 5).map(describe).join('; ');
  const who = sessions.length === 0 ? 'another session' : isSure ? names : `one of ${names}`;
  const hint = limits.terminateConnections
    ? `Some could not be ended${refusal ? `: ${refusal}` : ''}. End them as an administrator, then try again.`
    : 'Nothing was changed. Stop the application or end these sessions, or restore with --terminate-connections.';
  return new CofreError(
    'TARGET_BUSY',
    `${nameOf(settings)} is in use: after ${seconds} s its tables are still locked by ${who}.`,
    { cause, hint },
  );
}
