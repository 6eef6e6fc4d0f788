import type { LoadOptions } from '../../engine.ts';
import type { Counts } from '../../sql/load/counts.ts';
import type { Pool } from '../../sql/load/pool.ts';
import { ddlFilter } from '../load/ddl-filter.ts';
import { extensionsIn, requireAvailable } from '../load/extensions.ts';
import { isSetting, runner } from '../load/run-statements.ts';
import type { Surroundings } from '../load/server.ts';
import { Statement } from '../script/items.ts';
import type { ScriptItem } from '../script/script.ts';
import type { PgSession } from '../wire/connect.ts';
import { type Build, buildOf } from './build.ts';
import { buildAll } from './build-all.ts';
import { eventTriggersLast } from './event-triggers.ts';
import { rowRunner } from './row-runner.ts';

/** What it takes for a dump to be run over several sessions. */
export interface ScriptTarget {
  readonly pool: Pool<PgSession>;
  /** One of the pool's: statements run on it. */
  readonly first: PgSession;
  readonly counts: Counts;
  readonly options: LoadOptions;
  readonly surroundings: Surroundings;
}

/** Runs a dump, or one part of it after the other. */
export interface ScriptRunner {
  /** All is done when it resolves. @throws {CofreError} `BACKUP_DAMAGED`, `RESTORE_REFUSED`; else what the server says */
  run(items: AsyncIterable<ScriptItem> | Iterable<ScriptItem>): Promise<void>;
  /** To be called once, at the end. */
  warnings(): string[];
}

/**
 * For an empty database that nobody else uses: each part of a dump is committed as it comes. Statements run on the
 * first session, in their order; between them, rows and builds run on all.
 */
export function scriptRunner(target: ScriptTarget): ScriptRunner {
  const { options, surroundings } = target;
  const filter = ddlFilter(options, surroundings);
  const statements = statementRunner(target);
  const rows = rowRunner(target);

  async function take(item: ScriptItem): Promise<void> {
    if (item.kind === 'statement') {
      await rows.settle();
      const statement = filter.apply(item);
      if (statement) await statements.run(statement);
    } else if (item.kind === 'copy') {
      await statements.settle();
      await rows.begin(item);
    } else if (item.kind === 'rows') await rows.write(item.bytes, item.open);
    else rows.end();
  }

  return {
    run: async (items) => {
      try {
        for await (const item of options.inert ? eventTriggersLast(items) : items) await take(item);
        await rows.settle();
        await statements.settle();
      } finally {
        rows.abandon();
      }
    },
    warnings: filter.warnings,
  };
}

function statementRunner({ pool, first }: Pick<ScriptTarget, 'pool' | 'first'>) {
  const others = pool.sessions.filter((session) => session !== first).map(runner);
  const main = runner(first);
  let builds: Build[] = [];

  async function settle(): Promise<void> {
    await main.flush();
    const all = builds;
    builds = [];
    if (all.length > 0) await buildAll(pool, first.client, all);
  }

  async function runAlone(statement: Statement): Promise<void> {
    if (builds.length > 0) await settle();
    const head = statement.bytes.toString('latin1', 0, 60);
    if (/^CREATE\s+EXTENSION\b/i.test(head)) await requireAvailable(first, extensionsIn([statement]));
    if (/^SELECT\s+(?:pg_catalog\.)?lo_open\(/i.test(head)) await main.run(transaction('BEGIN', statement));
    await main.run(statement);
    if (/^SELECT\s+(?:pg_catalog\.)?lo_close\(/i.test(head)) await main.run(transaction('COMMIT', statement));
    if (isSetting(statement)) await Promise.all(others.map((other) => other.run(statement)));
  }

  return {
    settle,
    run: async (statement: Statement) => {
      const build = buildOf(statement);
      if (build) builds.push({ ...build, statement: statement.keep() });
      else await runAlone(statement);
    },
  };
}

/** pg_dump's large objects: what lo_open gives ends with the transaction, and the dump's own are passed over. */
function transaction(word: string, { line }: Statement): Statement {
  return new Statement(Buffer.from(`${word};`), line, 'UTF8');
}
