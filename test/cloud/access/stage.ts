import type { Deployed } from '../deployed.ts';
import type { Api } from '../http.ts';
import type { Source } from '../sources/source.ts';
import type { Steps } from '../steps.ts';
import { until } from '../until.ts';

/** Name of the stack. */
export const STACK = 'cofre';
export const ADMIN = 'maria@example.com';
export const VIEWER = 'joao@example.com';
/** Signed in, but without a role. */
export const NOBODY = 'rui@example.com';
/** In Secrets Manager, for a server that is not there: each way to fail could tell it. */
export const CANARIES = { password: 'Canary/cloud:7+f e"ü' };

/** The deployed stack with a SQLite database, and somebody who may do everything. */
export interface Stage {
  readonly cloud: Deployed;
  readonly source: Source;
  readonly admin: Api;
  /** For files of this run. */
  readonly folder: string;
  readonly steps: Steps;
}

/** Resolves when no job is under way. */
export async function settled({ admin }: Stage): Promise<void> {
  const isOver = (jobs: { status: string }[]) =>
    jobs.every(({ status }) => status === 'succeeded' || status === 'failed');
  await until('end of all jobs', async () => (await admin.get('jobs')).jobs, isOver);
}
