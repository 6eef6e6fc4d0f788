import { liveness } from '../../../process.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { dropSchema } from '../schema/schemas.ts';
import { markedBy, type ScratchNames } from '../schema/scratch-names.ts';
import { letGo, takeOver } from '../swap/maker-lock.ts';
import { isElsewhere } from '../swap/server-mark.ts';
import { readMark } from './mark.ts';

const MARKS = `
  SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA
  WHERE SCHEMA_NAME LIKE 'cofre\\_restore\\_test\\_%\\_mark\\_%' ORDER BY SCHEMA_NAME`;

/** Restore tests, of living and of dead makers, that have left something on the server. */
export async function leftTests(session: MysqlSession): Promise<ScratchNames[]> {
  const rows = await session.query<{ name: string }>(MARKS);
  return rows.flatMap(({ name }) => markedBy(name) ?? []);
}

/** Drops what a restore test has left whose maker is gone; whether there was anything to drop. */
export async function clearTest(session: MysqlSession, names: ScratchNames): Promise<boolean> {
  if (await isElsewhere(session, names.scratch)) return false;
  const mark = await readMark(session, names);
  const life = mark.state === 'marked' ? liveness(mark.maker) : 'unknown';
  if (!(await takeOver(session, names.scratch, life))) return false;
  try {
    // Only now nobody else changes it.
    const { state } = await readMark(session, names);
    if (state === 'gone' || state === 'foreign') return false;
    if (state === 'marked') await dropSchema(session, names.scratch, true);
    await dropSchema(session, names.mark);
    return true;
  } finally {
    await letGo(session, names.scratch).catch(() => {});
  }
}

/** The mark goes last. The maker's lock is ours. */
export async function dropTest(session: MysqlSession, { scratch, mark }: ScratchNames): Promise<void> {
  await dropSchema(session, scratch, true);
  await dropSchema(session, mark);
}
