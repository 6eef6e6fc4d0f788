import { CofreError } from '../../errors.ts';
import type { Dump, EngineContext, TableCount } from '../engine.ts';
import { type DumpSource, openDump } from '../sql/dump/run-dump.ts';
import { explain, explaining, isServerError } from './connection/failures.ts';
import { nameOf, parseUrl } from './connection/url.ts';
import { produce } from './dump/produce.ts';
import type { DumpLimits } from './dump/sessions.ts';
import { openSource, type Source } from './dump/source.ts';
import { requireSameStructure } from './dump/structure.ts';
import { summarize } from './dump/summary.ts';

/**
 * Structure by SHOW CREATE, rows by SELECT over several connections, all on one snapshot, which is there when this
 * returns. Memory: 16 MiB of frames that wait, some 12 MiB for each connection, the structure itself, and the largest
 * row twice.
 * @throws {CofreError} `SOURCE_NOT_FOUND`, `SOURCE_BUSY`, `SOURCE_INVALID`, `SOURCE_FAILED`, `USAGE`
 */
export async function dump(url: string, context: EngineContext, limits: DumpLimits): Promise<Dump> {
  const settings = parseUrl(url);
  return await openDump(context, (opened) =>
    explaining('source', settings, context.signal, async () =>
      dumpOf(await openSource(settings, context, limits, opened)),
    ),
  );
}

function dumpOf(source: Source): DumpSource {
  const { keeper, readers, holder } = source.snapshot;
  const size = source.tables.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    info: { exists: true, version: keeper.server.version, size, warnings: [] },
    sessions: [keeper, ...readers, ...(holder ? [holder] : [])],
    parts: source.tables.map(({ name, bytes }) => ({ table: name, size: bytes })),
    preData: async () => source.ddl.preData,
    produce: (queue, onDone) => produce(source, queue, onDone),
    postData: (tables) => postData(source, tables),
    // Each connection still answers, however long the last frames took to be stored.
    finish: async () => void (await Promise.all([keeper, ...readers].map((session) => session.run('DO 0')))),
    summary: async (tables) => summarize(source, tables),
    explain: (error) => explain(ifAltered(error, source), 'source', source.settings),
  };
}

async function postData(
  { ddl, snapshot, structure }: Source,
  tables: readonly TableCount[],
): Promise<Uint8Array> {
  if (!snapshot.structureHeld) await requireSameStructure([snapshot.keeper, ...snapshot.readers], structure);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return Buffer.concat([ddl.postData, ddl.end(tables.length, rows)]);
}

/** ER_BAD_FIELD_ERROR, ER_NO_SUCH_TABLE, ER_KEY_DOES_NOT_EXITS, ER_UNKNOWN_PARTITION */
const NOT_AS_BEFORE = [1054, 1146, 1176, 1735];

/** We asked for what was there a moment ago. */
function ifAltered(error: unknown, { settings }: Source): unknown {
  if (!isServerError(error) || !NOT_AS_BEFORE.includes(error.errno)) return error;
  return new CofreError(
    'SOURCE_BUSY',
    `${nameOf(settings)} was altered while the backup ran: ${error.message.replace(/\.$/, '')}.`,
    { cause: error, hint: 'Try again when nobody alters tables.' },
  );
}
