import { z } from 'zod';
import { manifestSchema } from '../archive/manifest.ts';
import { restoreTestSchema } from '../archive/restore-test-record.ts';

const manifest = manifestSchema.shape;
const archive = manifest.archive.shape;

/** A backup as the command line prints it and the API answers it; what of it the manifest has, in the manifest's words. */
export const backupSummary = z.strictObject({
  id: manifest.id,
  key: z.string(),
  manifestKey: z.string(),
  database: manifest.database,
  engine: manifest.engine.shape.name,
  engineVersion: z.string(),
  size: archive.size.describe('Bytes stored.'),
  rawSize: archive.rawSize.describe('Bytes unpacked.'),
  rows: manifest.rows,
  sha256: archive.sha256.describe('Of the stored object, hex.'),
  seconds: manifest.seconds,
  startedAt: manifest.startedAt,
  finishedAt: manifest.finishedAt,
  trigger: manifest.trigger,
  actor: manifest.actor.describe('Who asked.'),
  compression: archive.compression,
  retention: manifest.retention.describe(
    'Retention class, the value of the `retention` tag once it is not the newest.',
  ),
  held: z.boolean().describe('The newest whole backup of its database: nothing expires or prunes it.'),
  fileName: archive.file.describe('As stored.'),
  plainName: archive.plainName.describe('Unpacked.'),
});
export type BackupSummary = z.infer<typeof backupSummary>;

const test = restoreTestSchema.shape;

export const restoreTestSummary = z
  .strictObject({
    result: test.result.describe('explained: nothing differs but what the server itself makes.'),
    finishedAt: test.finishedAt,
    seconds: test.seconds,
    server: test.server,
    engineVersion: z.string(),
    objects: test.objects,
    tables: test.tables,
    rows: test.rows,
    explained: test.explained,
    different: test.different,
  })
  .describe('What a restore into a scratch database came to.');
export type RestoreTestSummary = z.infer<typeof restoreTestSummary>;

/** A backup in a list, which tells of its latest restore test, too. */
export const listedBackup = backupSummary.extend({
  restoreTest: restoreTestSummary.nullable().describe('The latest restore test of this backup.'),
});
export type ListedBackup = z.infer<typeof listedBackup>;

export const backupDetail = listedBackup.extend({
  tables: manifest.tables,
  frames: z.int().nonnegative().describe('Number of frames.'),
  toolVersion: z.string(),
  warnings: manifest.warnings.describe('What the dump warned of.'),
  details: manifest.details.describe('What the engine recorded.'),
});
export type BackupDetail = z.infer<typeof backupDetail>;

export const damagedBackup = z
  .strictObject({
    key: z.string(),
    database: z.string(),
    message: z.string().describe('Why it is not counted as a backup.'),
  })
  .describe('A manifest that is not a whole backup: never restored, shown so that it is not overlooked.');
export type DamagedBackup = z.infer<typeof damagedBackup>;

export const backupPage = z.strictObject({
  backups: z.array(listedBackup),
  damaged: z.array(damagedBackup).describe('On the first page only.'),
  nextCursor: z.string().nullable(),
});
export type BackupPage = z.infer<typeof backupPage>;
