import type { ServerError } from '../wire/failures.ts';
import type { Observer } from './relay.ts';

/** Longest beginning of a query that is looked at, bytes. */
const BEGINNING = 64;

export interface LockWatch extends Observer {
  /** Whether the server has refused a lock in time. */
  readonly refused: boolean;
}

/**
 * Tells from pg_dump's queries when it has all its locks: it sets `statement_timeout` to the longest wait, sends
 * LOCK TABLE for many tables at a time, and sets `statement_timeout` to 0 again (pg_dump.c, getTables).
 */
export function lockWatch(on: { readonly locked: () => void; readonly waiting: () => void }): LockWatch {
  let phase: 'before' | 'locking' | 'unlimited' | 'locked' = 'before';
  let refused = false;
  return {
    get refused() {
      return refused;
    },
    query(bytes) {
      const sql = Buffer.from(bytes.buffer, bytes.byteOffset + 5).toString('latin1', 0, BEGINNING);
      const timeout = /^SET statement_timeout = '?(\d+)/.exec(sql)?.[1];
      if (phase === 'before' && timeout !== undefined && timeout !== '0') phase = 'locking';
      else if (phase === 'locking' && timeout === '0') phase = 'unlimited';
      if (sql.startsWith('LOCK TABLE')) on.waiting();
    },
    reply({ errors }) {
      if (phase === 'locking') refused ||= errors.some(isRefusal);
      if (phase !== 'unlimited' || errors.length > 0) return;
      phase = 'locked';
      on.locked();
    },
  };
}

/** Query cancelled, for example by `statement_timeout`; lock not available (manual, Appendix A). */
function isRefusal({ code }: ServerError): boolean {
  return code === '57014' || code === '55P03';
}
