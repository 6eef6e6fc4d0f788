import { databaseStatuses } from '../../lib/health.ts';
import type { Job } from '../../lib/jobs/job.ts';
import { type Operation, publicJob } from './operation.ts';
import { idOf } from './request.ts';
import { json } from './responses.ts';

export const getMe: Operation = async (_, { caller: { name, role } }) => json(200, { name, role });

export const listDatabases: Operation = async ({ cofre, anchor }) => {
  const statuses = await databaseStatuses(cofre, anchor);
  const databases = statuses.map(({ health, running, ...rest }) => ({
    ...rest,
    health: { ...health, lastFailure: health.lastFailure && publicJob(health.lastFailure) },
    running: running && publicJob(running),
  }));
  return json(200, { databases });
};

export const listJobs: Operation = async ({ cofre }, { query }) => {
  const { database, status, limit = '20' } = query;
  const filter = { ...(database && { database }), ...(status && { status: status as Job['status'] }) };
  const jobs = await cofre.journal.list({ ...filter, limit: Number(limit) });
  return json(200, { jobs: jobs.map(publicJob) });
};

export const getJob: Operation = async ({ cofre }, call) =>
  json(200, publicJob(await cofre.journal.get(idOf(call))));
