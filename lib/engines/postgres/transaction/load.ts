import type { EngineContext, LoadInput, LoadOptions, LoadResult } from '../../engine.ts';
import { resultOf } from '../../sql/load/counts.ts';
import { follow, orLost } from '../../sql/load/follow.ts';
import { ddlFilter } from '../load/ddl-filter.ts';
import { extensionsIn, requireAvailable } from '../load/extensions.ts';
import { withLocked } from '../load/locks.ts';
import { openScript } from '../load/script.ts';
import { dumpedVersion, encodingWarnings, readServer, requireNotOlder } from '../load/server.ts';
import { openSession } from '../wire/connect.ts';
import type { ConnectionSettings } from '../wire/url.ts';
import { asPsql, begin, passFence, requireWhole } from './begin.ts';
import { clear, planClear } from './clear.ts';
import { commit } from './commit.ts';
import { execute, progress } from './execute.ts';

/** Limits of a load. */
export interface LoadLimits {
  /** How long to wait for other sessions' locks, ms. */
  readonly lockWaitMs: number;
}

/** In one transaction: clears the database at `settings`, and runs the dump. */
export async function loadIntoExisting(
  settings: ConnectionSettings,
  input: LoadInput,
  context: EngineContext,
  { lockWaitMs }: LoadLimits,
  options: LoadOptions,
): Promise<LoadResult> {
  using following = follow(context.signal);
  const { signal } = following;
  await using session = await openSession(settings, { role: 'target', purpose: 'load', signal });
  const server = await readServer(session);
  const { onTable, onBytes } = progress(context, input.expected);
  await using script = await openScript(input, orLost(signal, session.lost), onBytes);
  requireNotOlder(server, dumpedVersion(input.expected, script.beginning));
  const extensions = extensionsIn(script.head);
  await requireAvailable(session, extensions);
  const warnings = encodingWarnings(server, input.expected?.details);
  const id = await begin(session);
  const plan = await planClear(session, extensions);
  const terminate = options.terminateConnections ?? false;
  await withLocked(session, plan.tables, { lockWaitMs, terminate, signal }, () =>
    clear(session, plan, (warning) => warnings.push(warning)),
  );
  await asPsql(session);
  const foreign = plan.keptExtensions.filter(({ own }) => !own).map(({ name }) => name);
  const kept = { schemas: new Set(plan.keptSchemas), foreignExtensions: new Set(foreign) };
  const filter = ddlFilter(options, { ...server, kept });
  const found = await execute(session, script, filter, onTable);
  await requireWhole(session, id, found, script, input);
  await passFence(context);
  following.stop();
  await commit(session, id);
  return resultOf(found, [...warnings, ...script.warnings, ...filter.warnings()]);
}
