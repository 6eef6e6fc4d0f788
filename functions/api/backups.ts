import { type DownloadForm, downloadOptions } from '../../lib/download.ts';
import { requireFree } from '../../lib/jobs/lease.ts';
import { startBackup as startBackupBody } from '../../lib/requests/backup.ts';
import { policyOf, startPrune } from '../../lib/requests/prune.ts';
import { testOf } from '../../lib/restore-test-records.ts';
import { newest } from '../../lib/retention.ts';
import { describeBackup } from '../../lib/summary.ts';
import { requireMail } from '../../lib/tasks/mail.ts';
import { createListHandler } from '../list.ts';
import { type ApiDeps, bodyOf, type Call, type Operation, start } from './operation.ts';
import { idOf } from './request.ts';
import { empty, json } from './responses.ts';

/** How long a presigned URL works, s. Minted on the click, so minutes are enough. */
const URL_SECONDS = 900;

export const startBackup: Operation = async (deps, call) => {
  const { cofre, invoke } = deps;
  const request = bodyOf(startBackupBody, call);
  const { name } = await cofre.kindOf(request.database);
  if (request.email) requireMail(cofre.config.mail);
  await requireFree(cofre.store, name, cofre.clock);
  return await start(deps, call, { kind: 'backup', database: name }, (queued) =>
    invoke.backup({ ...request, trigger: 'manual', ...queued }),
  );
};

export const listBackups: Operation = async ({ cofre }, { query }) =>
  json(200, await createListHandler(cofre)({ ...query, limit: Number(query['limit'] ?? 50) }));

export const getBackup: Operation = async ({ cofre }, { params }) => {
  const backup = await cofre.catalog.find(idOf({ params }));
  const { backups } = await cofre.catalog.scan(backup.database);
  const test = await testOf(cofre, backup);
  return json(200, describeBackup(backup, newest(backups)?.id === backup.id, test));
};

export const deleteBackup: Operation = async ({ invoke }, { params, query }) => {
  await invoke.remove({ remove: idOf({ params }), force: query['force'] === 'true' });
  return empty(204);
};

export const getDownloadUrl: Operation = async (deps, call) => json(200, await mintUrl(deps, call));

export const downloadBackup: Operation = async (deps, call) =>
  empty(302, { location: (await mintUrl(deps, call)).url });

async function mintUrl({ cofre }: ApiDeps, { params, query, headers }: Call) {
  const backup = await cofre.catalog.find(idOf({ params }));
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
  const refused = /;\s*q=0(\.0*)?$/;
  return items.some((item) => item.replace(/;.*/s, '').trim() === coding && !refused.test(item));
}

export const startVerify: Operation = async (deps, call) => {
  const { id, database } = await deps.cofre.catalog.find(idOf(call));
  return await start(deps, call, { kind: 'verify', database }, (queued) =>
    deps.invoke.verify({ backup: id, ...queued }),
  );
};

export const prune: Operation = async ({ invoke }, call) => {
  const { database, dryRun = false, ...chosen } = bodyOf(startPrune, call);
  const policy = policyOf(chosen);
  return json(200, await invoke.prune({ policy, dryRun, ...(database !== undefined && { database }) }));
};
