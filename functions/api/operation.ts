import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Cofre } from '../../lib/cofre.ts';
import type { Job } from '../../lib/jobs/job.ts';
import type { Invoke } from '../events.ts';
import { json } from './responses.ts';

export interface ApiDeps {
  readonly cofre: Cofre;
  readonly invoke: Invoke;
  /** Where the schedules' rates count from. */
  readonly anchor: Date;
}

/** A request that fits the OpenAPI description. */
export interface Call {
  readonly actor: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What one operation of the API does; throws `CofreError`. */
export type Operation = (deps: ApiDeps, call: Call) => Promise<APIGatewayProxyResult>;

/** 202 with the job, and where to follow it (RFC 9110, 15.3.3). */
export function accepted(job: Job): APIGatewayProxyResult {
  return json(202, { job: publicJob(job) }, { location: `/api/jobs/${job.id}` });
}

/** A job without what only workers need. */
export function publicJob({ leaseUntil: _, worker: __, ...job }: Job) {
  return job;
}
