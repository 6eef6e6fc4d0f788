import type { APIGatewayProxyResult } from 'aws-lambda';
import type { z } from 'zod';
import type { Cofre } from '../../lib/cofre.ts';
import type { Job, JobKind } from '../../lib/jobs/job.ts';
import type { Caller, Identify } from '../access/caller.ts';
import type { Invoke } from '../events.ts';
import { parse } from '../parse.ts';
import { MOST_ACTOR } from '../schemas.ts';
import { json } from './responses.ts';

export interface ApiDeps {
  readonly cofre: Cofre;
  readonly invoke: Invoke;
  /** Says who asks, or refuses. */
  readonly identify: Identify;
  /** Where the schedules' rates count from; `null` where EventBridge has them. */
  readonly anchor: Date | null;
}

/** A request that fits the OpenAPI description. */
export interface Call {
  readonly caller: Caller;
  /** What stands before `/api` in the client's address: the stage, or nothing. */
  readonly base: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What one operation of the API does; throws `CofreError`. */
export type Operation = (deps: ApiDeps, call: Call) => Promise<APIGatewayProxyResult>;

/**
 * The body of a request, typed. The description, which is written from the same schema, has been held against it before.
 * @throws {CofreError} `USAGE`, which names the field and never a value
 */
export function bodyOf<S extends z.ZodType>(schema: S, { body }: Call): z.infer<S> {
  return parse(schema, body, 'request', 'See /api/openapi.json.');
}

/**
 * Queues a job and has a function begin it. 202 with the job, and where to follow it (RFC 9110, 15.3.3). A job that
 * could not be handed over is written as failed: nobody should wait for it.
 */
export async function start(
  { cofre: { journal } }: ApiDeps,
  { caller, base }: Call,
  what: { readonly kind: JobKind; readonly database: string },
  handOver: (queued: { readonly actor: string; readonly job: string }) => Promise<void>,
): Promise<APIGatewayProxyResult> {
  // An issuer may give longer names than an event takes.
  const actor = caller.actor.slice(0, MOST_ACTOR);
  const job = await journal.create({ ...what, trigger: 'manual', actor });
  try {
    await handOver({ actor, job: job.id });
  } catch (error) {
    await journal.fail(job, error);
    throw error;
  }
  return json(202, { job: publicJob(job) }, { location: `${base}/api/jobs/${job.id}` });
}

/** A job without what only workers need. */
export function publicJob({ leaseUntil: _, worker: __, ...job }: Job) {
  return job;
}
