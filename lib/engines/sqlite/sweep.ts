import { databaseFile } from './file/path.ts';
import { sweepBeside } from './file/temporary.ts';
import { sweepTemporaryFolder } from './restore-test/scratch.ts';

/** Clears what dead loads have left beside the database at `url`, and dead checks and restore tests in the temporary folder. */
export async function sweep(url: string): Promise<number> {
  return (await sweepBeside(await databaseFile(url))) + (await sweepTemporaryFolder());
}
