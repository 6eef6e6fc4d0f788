import { CofreError } from '../../../errors.ts';
import type { EngineContext, TablesInput, TablesOptions, TablesResult } from '../../engine.ts';
import { follow } from '../../sql/load/follow.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { type ConnectionSettings, nameOf } from '../connection/url.ts';
import { type LoadLimits, passFence } from '../load/open-dump.ts';
import { createSchema, readSchema } from '../schema/schemas.ts';
import { dropAll } from '../swap/clear-away.ts';
import { openHolder } from '../swap/maker-lock.ts';
import type { SwapNames } from '../swap/names.ts';
import { afterFailure } from '../swap/own-failure.ts';
import { freeNames, moveBeside, type Restored } from './beside.ts';
import { findReplaced } from './find-replaced.ts';
import { replaceRows } from './replace.ts';
import { stageTables } from './stage.ts';
import { readStructure } from './structure.ts';

/**
 * Makes the tables in a schema of their own, counts them, and brings them from there into the database. All of them, or
 * nothing is changed.
 * @throws {CofreError} `BACKUP_DAMAGED`, `RESTORE_REFUSED`, `TARGET_BUSY`, `TARGET_INVALID`; what the server reports
 */
export async function loadStaged(
  settings: ConnectionSettings,
  input: TablesInput,
  context: EngineContext,
  { replace, terminateConnections = false }: TablesOptions,
  limits: LoadLimits,
): Promise<TablesResult> {
  using following = follow(context.signal);
  const { signal } = following;
  let names: SwapNames | undefined;
  let restored: readonly Restored[] | undefined;
  try {
    await using holder = await openHolder(settings, signal);
    const { session } = holder;
    names = holder.names;
    await requireTarget(session, settings);
    const structure = await readStructure(input, signal);
    await createSchema(session, names.staging, undefined, settings);
    const into = { ...settings, database: names.staging };
    await stageTables({ input, structure, into, jobs: limits.jobs, session }, context, signal);
    const found = replace ? await findReplaced(settings, names.staging, input.tables, signal) : undefined;
    await passFence(context);
    following.stop();
    if (found) {
      restored = input.tables.map((name) => ({ name, restoredAs: name }));
      const exchanging = { lockWaitMs: limits.lockWaitMs, terminateConnections };
      await session.run(`USE ${quoteIdent(settings.database)}`);
      await replaceRows({ session, settings, names, limits: exchanging, signal: context.signal, ...found });
    } else {
      restored = await freeNames(session, settings.database, input.tables, context.clock.now());
      await moveBeside(session, names, settings.database, restored);
    }
    await dropAll(session, names).catch(() => {});
    return resultOf(input, restored);
  } catch (error) {
    const hasBegun = restored !== undefined;
    const outcome = names && (await afterFailure(settings, names, context.logger, hasBegun, error));
    // It may have been done, and nobody could say so any more.
    if (!restored || (outcome !== 'finished' && outcome !== 'cleared')) throw error;
    return resultOf(input, restored);
  }
}

async function requireTarget(session: MysqlSession, settings: ConnectionSettings): Promise<void> {
  if (await readSchema(session, settings.database)) return;
  throw new CofreError(
    'TARGET_INVALID',
    `There is no database ${nameOf(settings)} to bring tables back into.`,
    {
      hint: 'Make it first, or restore the whole backup.',
    },
  );
}

function resultOf({ known }: TablesInput, restored: readonly Restored[]): TablesResult {
  const names = new Map(restored.map(({ name, restoredAs }) => [name, restoredAs]));
  const tables = known.flatMap(({ name, rows }) => {
    const restoredAs = names.get(name);
    return restoredAs === undefined ? [] : [{ name, rows, restoredAs }];
  });
  tables.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { tables, rows: tables.reduce((sum, table) => sum + table.rows, 0), warnings: [] };
}
