import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { compactTimestamp } from '../clock.ts';
import { CofreError, type ErrorCode, toCofreError } from '../errors.ts';

export const JOB_ID = /^\d{8}T\d{6}-[0-9a-f]{8}$/;

export const PHASES = [
  'inspect',
  'safety-backup',
  'dump',
  'check',
  'upload',
  'commit',
  'read',
  'load',
  'verify',
  'install',
  'retention',
  'mail',
  'done',
] as const;
export type Phase = (typeof PHASES)[number];

export const JOB_KINDS = ['backup', 'restore', 'verify', 'restore-test'] as const;
export const JOB_STATUSES = ['queued', 'running', 'succeeded', 'failed'] as const;

const nullableCount = z.number().nonnegative().nullable();

export const progressSchema = z.object({
  phase: z.enum(PHASES),
  table: z.string().nullable(),
  rows: nullableCount,
  /** Bytes of the database handled so far, and in all. */
  bytes: nullableCount,
  totalBytes: nullableCount,
  /** Estimate. */
  secondsLeft: nullableCount,
  /** What whoever follows the job should know, in full sentences. */
  note: z.string().nullable().default(null),
});
export type Progress = z.infer<typeof progressSchema>;

const workerSchema = z.object({ host: z.string(), pid: z.number(), started: z.string() });

/** A job as it is kept under `jobs/<id>.json` in the store. Times are ISO 8601 in UTC. */
export const jobSchema = z.object({
  id: z.string().regex(JOB_ID),
  kind: z.enum(JOB_KINDS),
  database: z.string(),
  status: z.enum(JOB_STATUSES),
  trigger: z.string(),
  /** Who asked. */
  actor: z.string(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  progress: progressSchema.nullable(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
  /** A job whose worker has not written by then is lost. */
  leaseUntil: z.string(),
  worker: workerSchema.nullable(),
});
export type Job = z.infer<typeof jobSchema>;
export type JobKind = Job['kind'];

export interface NewJob {
  readonly kind: JobKind;
  readonly database: string;
  readonly trigger: string;
  readonly actor: string;
}

/** Ids sort by time: `20261123T185853-1f2e3d4c`. */
export function newJobId(now: Date): string {
  // Milliseconds first, so that jobs of one second sort too.
  const milliseconds = now.getUTCMilliseconds().toString(16).padStart(3, '0');
  const random = randomBytes(3).toString('hex').slice(0, 5);
  return `${compactTimestamp(now).replace('_', 'T')}-${milliseconds}${random}`;
}

export function errorRecord(error: unknown): NonNullable<Job['error']> {
  const { code, message, hint } = toCofreError(error);
  return { code, message, hint: hint ?? null };
}

/** The error that a failed job tells of. */
export function errorOf(job: Job): CofreError | undefined {
  if (!job.error) return undefined;
  const { code, message, hint } = job.error;
  return new CofreError(code as ErrorCode, message, hint === null ? {} : { hint });
}
