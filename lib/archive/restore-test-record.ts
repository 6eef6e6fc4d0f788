import { z } from 'zod';
import { EXPLANATIONS } from '../engines/content/content.ts';
import { CofreError } from '../errors.ts';
import { decodeChecksummed, encodeChecksummed } from './checksummed.ts';
import { BACKUP_ID } from './names.ts';

const count = z.number().int().nonnegative();
const side = z.union([z.string(), z.object({ rows: count, sum: z.string() }), z.null()]);

/**
 * What the latest restore test of a backup found; kept beside its manifest under a checksum of its own, with the same
 * tag, and removed with it. A backup is whole without it.
 */
export const restoreTestSchema = z.looseObject({
  format: z.literal(1),
  id: z.string().regex(BACKUP_ID),
  /** Of the archive that was restored. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** `explained`: nothing differs but what the server itself makes. */
  result: z.enum(['equal', 'explained', 'different']),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  /** Where the scratch database was, without secrets. */
  server: z.string(),
  engine: z.object({ name: z.string(), version: z.string() }),
  tool: z.object({ name: z.literal('cofre'), version: z.string() }),
  actor: z.string(),
  /** What was compared. */
  objects: count,
  tables: count,
  rows: count,
  /** All differences, whether or not `differences` has them. */
  explained: count,
  different: count,
  warnings: z.array(z.string()),
  /** At most `MOST_DIFFERENCES`; those that nothing explains first. */
  differences: z.array(
    z.object({
      kind: z.string(),
      object: z.string(),
      was: side,
      is: side,
      explained: z.enum(EXPLANATIONS).nullable(),
    }),
  ),
});

export type RestoreTestRecord = z.infer<typeof restoreTestSchema>;

/** A record is read as a whole, so it has an end. */
export const MOST_DIFFERENCES = 200;

export function encodeRestoreTest(record: RestoreTestRecord): Uint8Array {
  return encodeChecksummed(record);
}

/** @throws {CofreError} `BACKUP_DAMAGED`: of the record alone, the backup may be whole. */
export function decodeRestoreTest(bytes: Uint8Array, key: string): RestoreTestRecord {
  try {
    return restoreTestSchema.parse(decodeChecksummed(bytes));
  } catch (error) {
    const why =
      error instanceof z.ZodError ? z.prettifyError(error).replace(/\n.*/s, '') : (error as Error).message;
    throw new CofreError('BACKUP_DAMAGED', `The record of a restore test ${key} is damaged: ${why}.`, {
      cause: error,
      hint: 'The backup itself is not affected. Test its restore again (cofre restore-test) to write a new record.',
    });
  }
}
