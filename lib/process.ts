import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names a process well enough to say later, on the same host, whether it still lives. */
export interface ProcessIdentity {
  /** Host, boot, pid namespace and Lambda environment, hashed: 12 hex digits. Two containers or Lambdas never share it. */
  readonly host: string;
  readonly pid: number;
  /** Start time in clock ticks since boot (field 22 of /proc/PID/stat, proc(5)); `0` where there is no /proc. */
  readonly started: string;
}

export type Liveness = 'alive' | 'dead' | 'unknown';

export function thisProcess(): ProcessIdentity {
  return { host: thisHost(), pid: process.pid, started: startTime(process.pid) ?? '0' };
}

/** `unknown` for a process of another host. A pid that was given to another process since counts as dead. */
export function liveness(identity: ProcessIdentity): Liveness {
  if (identity.host !== thisHost()) return 'unknown';
  if (identity.started !== '0') return startTime(identity.pid) === identity.started ? 'alive' : 'dead';
  try {
    process.kill(identity.pid, 0);
    return 'alive';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'dead' : 'alive';
  }
}

function thisHost(): string {
  const parts = [hostname(), tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())];
  const namespace = tryRead(() => readlinkSync('/proc/self/ns/pid'));
  // Lambda's environments may be clones of one booted machine; each has a log stream of its own.
  const environment = process.env['AWS_LAMBDA_LOG_STREAM_NAME'];
  return createHash('sha256')
    .update([...parts, namespace, environment].join('\n'))
    .digest('hex')
    .slice(0, 12);
}

/** `undefined` for no such process, and for a zombie: it has ended, only its parent does not know yet. */
function startTime(pid: number): string | undefined {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (!stat) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

function tryRead(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
