import type { Dump, EngineContext } from '../engine.ts';
import { type DumpSource, openDump } from '../sql/dump/run-dump.ts';
import { produce } from './dump/produce.ts';
import { requireHeld } from './dump/snapshot.ts';
import { type DumpLimits, openSource, type Source } from './dump/source.ts';
import { firstPart, lastPart, summarize } from './dump/summary.ts';
import { explain, explaining } from './wire/failures.ts';
import { parseUrl } from './wire/url.ts';

/**
 * Structure by pg_dump, rows by COPY over several connections, all on one snapshot and under pg_dump's locks, which
 * are there when this returns. Memory: 16 MiB of frames that wait, some 12 MiB for each connection, the structure itself
 * (once), and the largest row as COPY writes it (`bytea` has two digits for each byte).
 * @throws {CofreError} `SOURCE_NOT_FOUND`, `SOURCE_BUSY`, `SOURCE_FAILED`, `USAGE`
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
  const { facts, size, snapshot, locker, ddl, settings } = source;
  const sessions = [snapshot.keeper, ...snapshot.others, locker];
  return {
    info: { exists: true, version: facts.version, size, warnings: [] },
    sessions,
    parts: source.tasks.flat(),
    preData: async () => firstPart(source, await ddl),
    produce: (queue, onDone) => produce(source, queue, onDone),
    postData: async (tables) => lastPart(source, await ddl, tables),
    finish: async () => {
      await requireHeld(snapshot, locker);
      // All is read: the connections have nothing left to do.
      await Promise.all(sessions.map((session) => session.finish()));
    },
    summary: async (tables) => summarize(source, await ddl, tables),
    explain: (error) => explain(error, 'source', settings),
  };
}
