import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { CofreError, toCofreError } from '../errors.ts';
import { liveness, thisProcess } from '../process.ts';
import type { Condition, Store } from '../store/store.ts';

/** A lease not renewed for so long may be taken over, ms. */
export const LEASE_MS = 30_000;

const leaseSchema = z.object({
  /** Null once released. */
  holder: z
    .object({
      jobId: z.string(),
      kind: z.string(),
      actor: z.string(),
      since: z.string(),
      host: z.string(),
      pid: z.number(),
      started: z.string(),
      /** Random for each taking: a job may be delivered to two workers at once. */
      token: z.string().optional(),
    })
    .nullable(),
  expiresAt: z.string(),
});
type LeaseRecord = z.infer<typeof leaseSchema>;

/** The right to work on one database, alone. */
export interface Lease {
  /** @throws {CofreError} `LEASE_LOST` when somebody else has it by now. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/** @throws {CofreError} `BUSY` when somebody holds the lease now: to refuse early, before a job is queued. */
export async function requireFree(store: Store, database: string, clock: Clock): Promise<void> {
  const current = await readLease(store, keyOf(database));
  if (current && isHeld(current.record, clock)) throw busy(database, current.record);
}

export interface Holder {
  readonly jobId: string;
  readonly kind: string;
  readonly actor: string;
}

/**
 * Takes the lease of a database, `locks/<database>.json`, by conditional writes only: of two takers one gets a
 * conflict. It is taken over from a holder that has let it expire, or that is known to be dead on this host.
 * @throws {CofreError} `BUSY`, which names the holder; `DUPLICATE` when it is a worker of this very job.
 */
export async function acquireLease(
  store: Store,
  database: string,
  holder: Holder,
  clock: Clock,
): Promise<Lease> {
  const key = keyOf(database);
  const current = await readLease(store, key);
  if (current && isHeld(current.record, clock)) throw refusal(database, current.record, holder);
  const since = clock.now().toISOString();
  const token = randomBytes(8).toString('hex');
  const record = () => ({ holder: { ...holder, since, ...thisProcess(), token }, expiresAt: expiry(clock) });
  const condition: Condition = current ? { etag: current.etag } : { absent: true };
  const etag = await write(store, key, record(), condition, async (found) => {
    // A store that repeats a write whose answer was lost is refused by its own first try.
    if (found?.record.holder?.token === token) return found.etag;
    throw refusal(database, found?.record, holder);
  });
  const replace = replacer(store, database, token, etag);
  return {
    renew: () => replace(record),
    release: () => replace(() => ({ holder: null, expiresAt: clock.now().toISOString() })),
  };
}

/** Writes one record at a time: of two at once, the later would take the etag of the earlier for a stranger's. */
function replacer(store: Store, database: string, token: string, first: string) {
  const key = keyOf(database);
  let etag = first;
  let last: Promise<unknown> = Promise.resolve();
  const replace = async (next: LeaseRecord) => {
    etag = await write(store, key, next, { etag }, async (found) => {
      const released = next.holder === null && found?.record.holder === null;
      if (released) return found.etag;
      if (found?.record.holder?.token !== token) throw lost(database);
      return await write(store, key, next, { etag: found.etag }, () => Promise.reject(lost(database)));
    });
  };
  return (next: () => LeaseRecord): Promise<void> => {
    const turn = last.then(() => replace(next()));
    last = turn.catch(() => {});
    return turn;
  };
}

const keyOf = (database: string) => `locks/${database}.json`;

function expiry(clock: Clock): string {
  return new Date(clock.now().getTime() + LEASE_MS).toISOString();
}

function isHeld({ holder, expiresAt }: LeaseRecord, clock: Clock): boolean {
  return holder !== null && clock.now().toISOString() < expiresAt && liveness(holder) !== 'dead';
}

interface Found {
  readonly record: LeaseRecord;
  readonly etag: string;
}

async function readLease(store: Store, key: string): Promise<Found | undefined> {
  try {
    const { body, object } = await store.get(key);
    return { record: parseLease(body), etag: object.etag };
  } catch (error) {
    if (toCofreError(error).code === 'STORE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** A lease that cannot be read says nothing about a holder; its etag still decides who replaces it. */
function parseLease(body: Uint8Array): LeaseRecord {
  try {
    return leaseSchema.parse(JSON.parse(Buffer.from(body).toString('utf8')));
  } catch {
    return { holder: null, expiresAt: '' };
  }
}

/** Returns the new etag. `refused` decides, by what is there instead, when the condition does not hold. */
async function write(
  store: Store,
  key: string,
  record: LeaseRecord,
  condition: Condition,
  refused: (found: Found | undefined) => Promise<string>,
): Promise<string> {
  try {
    const body = Buffer.from(`${JSON.stringify(record, null, 2)}\n`);
    return (await store.put(key, body, { condition, contentType: 'application/json' })).etag;
  } catch (error) {
    if (toCofreError(error).code !== 'STORE_CONFLICT') throw error;
    return await refused(await readLease(store, key));
  }
}

function refusal(database: string, record: LeaseRecord | undefined, { jobId }: Holder): CofreError {
  return record?.holder?.jobId === jobId ? duplicate(jobId) : busy(database, record);
}

/** The job was delivered more than once, which queues may do; one worker is enough. */
export function duplicate(jobId: string): CofreError {
  return new CofreError('DUPLICATE', `Another worker has the job ${jobId}, or had it.`, {
    hint: 'Nothing was done twice. `cofre jobs` shows how it went.',
  });
}

function busy(database: string, record?: LeaseRecord): CofreError {
  const by = record?.holder;
  const who = by ? `${by.kind} job ${by.jobId} of ${by.actor}, since ${by.since}` : 'another job';
  return new CofreError('BUSY', `${database} is busy: ${who}.`, {
    hint: 'Wait until it has ended (`cofre jobs` shows its progress), then try again.',
  });
}

function lost(database: string): CofreError {
  return new CofreError('LEASE_LOST', `Another job took over ${database}; this one has stopped.`, {
    hint: 'This process was stopped or cut off for longer than its lease. Nothing was changed by it; start it again.',
  });
}
