import type { Compression } from '../../lib/archive/compression.ts';
import { type DownloadForm, downloadOptions } from '../../lib/download.ts';
import { requireFree } from '../../lib/jobs/lease.ts';
import { remove } from '../../lib/prune.ts';
import { newest } from '../../lib/retention.ts';
import { describeBackup } from '../../lib/summary.ts';
import { requireMail } from '../../lib/tasks/mail.ts';
import { createListHandler } from '../list.ts';
import { createPruneHandler } from '../prune.ts';
import { type ApiDeps, accepted, type Call, type Operation } from './operation.ts';
import { empty, json } from './responses.ts';

/** How long a presigned URL works, s. Minted on the click, so minutes are enough. */
const URL_SECONDS = 900;

interface StartBackup {
  readonly database: string;
  readonly compression?: Compression;
  readonly days?: number;
  readonly email?: boolean;
  readonly recipients?: string[];
}

export const startBackup: Operation = async ({ cofre, invoke }, { actor, body }) => {
  const request = body as StartBackup;
  const { name } = await cofre.database(request.database);
  if (request.email) requireMail(cofre.config.mail);
  await requireFree(cofre.store, name, cofre.clock);
  const job = await cofre.journal.create({ kind: 'backup', database: name, trigger: 'manual', actor });
  await invoke.backup({ ...request, trigger: 'manual', actor, job: job.id });
  return accepted(job);
};

export const listBackups: Operation = async ({ cofre }, { query }) =>
  json(200, await createListHandler(cofre)({ ...query, limit: Number(query['limit'] ?? 50) }));

export const getBackup: Operation = async ({ cofre }, { params }) => {
  const backup = await cofre.catalog.find(params['id']!);
  const { backups } = await cofre.catalog.scan(backup.database);
  return json(200, describeBackup(backup, newest(backups)?.id === backup.id));
};

export const deleteBackup: Operation = async ({ cofre }, { params, query }) => {
  await remove(cofre, await cofre.catalog.find(params['id']!), query['force'] === 'true');
  return empty(204);
};

export const getDownloadUrl: Operation = async (deps, call) => json(200, await mintUrl(deps, call));

export const downloadBackup: Operation = async (deps, call) =>
  empty(302, { location: (await mintUrl(deps, call)).url });

async function mintUrl({ cofre }: ApiDeps, { params, query, headers }: Call) {
  const backup = await cofre.catalog.find(params['id']!);
  const { compression, size } = backup.manifest.archive;
  const canUnpack = compression === 'none' || accepts(headers['accept-encoding'], compression);
  const form: DownloadForm = query['form'] !== 'stored' && canUnpack ? 'plain' : 'stored';
  const how = downloadOptions(backup, form, URL_SECONDS);
  const url = await cofre.store.downloadUrl(backup.key, how);
  const expiresAt = new Date(cofre.clock.now().getTime() + URL_SECONDS * 1_000).toISOString();
  return { url, fileName: how.fileName, form, expiresAt, size };
}

/** Whether Accept-Encoding names the coding with a weight above 0 (RFC 9110, 12.5.3). */
function accepts(header: string | undefined, coding: string): boolean {
  const items = (header ?? '')
    .toLowerCase()
    .split(',')
    .map((item) => item.trim());
  return items.some((item) => item.split(';')[0]!.trim() === coding && !/;\s*q=0(\.0*)?$/.test(item));
}

export const startVerify: Operation = async ({ cofre, invoke }, { actor, params }) => {
  const { id, database } = await cofre.catalog.find(params['id']!);
  const job = await cofre.journal.create({ kind: 'verify', database, trigger: 'manual', actor });
  await invoke.verify({ backup: id, actor, job: job.id });
  return accepted(job);
};

interface Prune {
  readonly database?: string;
  readonly days?: number;
  readonly keepLast?: number;
  readonly dryRun?: boolean;
}

export const prune: Operation = async ({ cofre }, { body }) => {
  const { database, days, keepLast, dryRun = false } = body as Prune;
  const policy = days === undefined ? { keepLast: keepLast! } : { days };
  return json(
    200,
    await createPruneHandler(cofre)({ policy, dryRun, ...(database !== undefined && { database }) }),
  );
};
