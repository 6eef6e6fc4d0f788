import { createHash, randomBytes } from 'node:crypto';

/** The schemas of one restore test. */
export interface ScratchNames {
  /** Where the backup is restored into. Also the name of the lock that its maker holds. */
  readonly scratch: string;
  /** Says that `scratch` is ours: a schema has no comment in MySQL, and a restore empties what it goes into. */
  readonly mark: string;
}

/** @param server see `serverMark`: 4 hex digits, with which the name ends */
export function newScratchNames(server: string): ScratchNames {
  return scratchNamesOf(`cofre_restore_test_${randomBytes(4).toString('hex')}${server}`);
}

/**
 * The mark's name ends with a checksum, so that nobody else has such a one by chance: it is known as ours from the moment
 * at which it is there, when nothing can be in it yet.
 */
export function scratchNamesOf(scratch: string): ScratchNames {
  const checksum = createHash('sha256').update(scratch).digest('hex').slice(0, 8);
  return { scratch, mark: `${scratch}_mark_${checksum}` };
}

const SCRATCH = /^cofre_restore_test_[0-9a-f]{12}$/;

/** The restore test that a mark is of; `undefined` for a schema that is none. */
export function markedBy(schema: string): ScratchNames | undefined {
  const scratch = schema.replace(/_mark_[0-9a-f]{8}$/, '');
  const names = scratchNamesOf(scratch);
  return SCRATCH.test(scratch) && names.mark === schema ? names : undefined;
}

/** Whether it is called like a database of a restore test; some user's may be, too. */
export function isCalledScratch(schema: string): boolean {
  return SCRATCH.test(schema);
}
