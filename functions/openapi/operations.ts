import { z } from 'zod';
import {
  backupDetail,
  backupPage,
  backupSummary,
  damagedBackup,
  listedBackup,
  restoreTestSummary,
} from '../../lib/answers/backup.ts';
import { databaseList, databaseStatus, health } from '../../lib/answers/database.ts';
import { downloadUrl } from '../../lib/answers/download-url.ts';
import { accepted, jobList, jobProgress, publicJob } from '../../lib/answers/job.ts';
import { pruneReport } from '../../lib/answers/prune.ts';
import { startBackup } from '../../lib/requests/backup.ts';
import { deletion } from '../../lib/requests/deletion.ts';
import { download } from '../../lib/requests/download.ts';
import { backupId, jobId } from '../../lib/requests/fields.ts';
import { listBackups, listJobs } from '../../lib/requests/lists.ts';
import { startPrune } from '../../lib/requests/prune.ts';
import { startRestore } from '../../lib/requests/restore.ts';
import { startRestoreTest } from '../../lib/requests/restore-test.ts';
import { me } from '../access/me.ts';
import { problemDetails } from '../api/problem.ts';

/** What one operation takes and answers when all is well. */
export interface DescribedOperation {
  /** Parameter in the path, `{id}`. */
  readonly id?: z.ZodType;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Absent: no body (204, 302). */
  readonly answer?: z.ZodType;
}

/** By operationId: the schemas that `functions/openapi.json` is written with. */
export const DESCRIBED: Readonly<Record<string, DescribedOperation>> = {
  getOpenApi: { answer: z.looseObject({}) },
  getMe: { answer: me },
  listDatabases: { answer: databaseList },
  listBackups: { query: listBackups, answer: backupPage },
  startBackup: { body: startBackup, answer: accepted },
  getBackup: { id: backupId, answer: backupDetail },
  deleteBackup: { id: backupId, query: deletion },
  getDownloadUrl: { id: backupId, query: download, answer: downloadUrl },
  downloadBackup: { id: backupId, query: download },
  startVerify: { id: backupId, answer: accepted },
  startRestoreTest: { id: backupId, body: startRestoreTest, answer: accepted },
  startRestore: { body: startRestore, answer: accepted },
  prune: { body: startPrune, answer: pruneReport },
  listJobs: { query: listJobs, answer: jobList },
  getJob: { id: jobId, answer: publicJob },
};

/** Schemas with a name of their own in the description. */
export const COMPONENTS: Readonly<Record<string, z.ZodType>> = {
  Problem: problemDetails,
  Me: me,
  Database: databaseStatus,
  DatabaseList: databaseList,
  Health: health,
  BackupSummary: backupSummary,
  Backup: listedBackup,
  BackupDetail: backupDetail,
  BackupPage: backupPage,
  RestoreTest: restoreTestSummary,
  Damaged: damagedBackup,
  DownloadUrl: downloadUrl,
  Progress: jobProgress,
  Job: publicJob,
  Accepted: accepted,
  JobList: jobList,
  PruneResult: pruneReport,
};
