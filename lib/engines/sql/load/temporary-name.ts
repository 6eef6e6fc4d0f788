import { randomBytes } from 'node:crypto';
import { type Liveness, liveness, thisProcess } from '../../../process.ts';

/**
 * A database that is not ready yet has a name that tells who makes it, so that a later run can see that its maker is
 * dead and drop it: `cofre_<host>_<pid>_<start time>_<random>`, at most 52 bytes of the 63 or 64 that
 * a name may have.
 */
const NAME = /^cofre_([0-9a-f]{12})_(\d+)_(\d+)_[0-9a-f]{8}$/;

/** @param end 8 hex digits that nobody else makes one of at the same time */
export function temporaryName(end = randomBytes(4).toString('hex')): string {
  const { host, pid, started } = thisProcess();
  return `cofre_${host}_${pid}_${started}_${end}`;
}

/** Whether the process lives that made the database `name`; `undefined` for a name that is not ours. */
export function makerOf(name: string): Liveness | undefined {
  const [, host, pid, started] = NAME.exec(name) ?? [];
  return host && started ? liveness({ host, pid: Number(pid), started }) : undefined;
}
