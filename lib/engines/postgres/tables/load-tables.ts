import type { EngineContext, TablesInput, TablesOptions, TablesResult } from '../../engine.ts';
import { untilAborted } from '../../until-aborted.ts';
import { parseUrl } from '../wire/url.ts';
import { restoreBeside } from './beside.ts';
import { planTables } from './plan.ts';
import { replaceRows } from './replace.ts';
import { statementsOf } from './statements.ts';
import { readStructure } from './structure.ts';
import { inTransaction } from './transaction.ts';

export interface TablesLimits {
  /** How long to wait for other sessions' locks, ms. */
  readonly lockWaitMs: number;
}

/**
 * Brings single tables back, in one transaction: each as a new table beside the live ones, or, with `replace`, as the
 * rows of the live one. Reads the dump's structure and the frames of these tables, nothing else.
 * @throws {CofreError} `BACKUP_NOT_FOUND`, `BACKUP_DAMAGED`, `RESTORE_REFUSED`, `TARGET_BUSY`, `TARGET_INVALID`
 */
export async function loadTables(
  url: string,
  input: TablesInput,
  context: EngineContext,
  { replace, terminateConnections = false }: TablesOptions,
  { lockWaitMs }: TablesLimits,
): Promise<TablesResult> {
  const settings = parseUrl(url);
  context.signal.throwIfAborted();
  const preData = untilAborted(input.read('pre-data'), context.signal);
  const structure = await readStructure(statementsOf(preData));
  const planned = planTables(input, structure);
  const waiting = { lockWaitMs, terminate: terminateConnections, signal: context.signal };
  const { tables: restored, warnings } = await inTransaction(
    settings,
    encodingOf(input),
    context,
    async (session) =>
      replace
        ? await replaceRows(session, planned, input, context, waiting)
        : await restoreBeside(session, planned, structure, input, context),
  );
  const tables = restored
    .map(({ planned: { name, rows }, restoredAs }) => ({ name, rows, restoredAs }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { tables, rows: tables.reduce((sum, { rows }) => sum + rows, 0), warnings };
}

/** As the dump was made: what has no encoding goes through as it is. */
function encodingOf({ details }: TablesInput): 'UTF8' | 'SQL_ASCII' {
  return details?.['encoding'] === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8';
}
