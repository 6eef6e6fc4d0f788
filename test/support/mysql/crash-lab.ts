import { type MysqlSession, openSession } from '../../../lib/engines/mysql/connection/connect.ts';
import { parseUrl } from '../../../lib/engines/mysql/connection/url.ts';
import {
  readJournal,
  setPhase,
  type Written,
  writeJournal,
} from '../../../lib/engines/mysql/swap/journal.ts';
import { loadStaging } from '../../../lib/engines/mysql/swap/load-staging.ts';
import { namesOf, type SwapNames } from '../../../lib/engines/mysql/swap/names.ts';
import type { SwapPlan } from '../../../lib/engines/mysql/swap/plan.ts';
import { thisProcess } from '../../../lib/process.ts';
import { contextOf, replay } from '../../contracts/engine/harness.ts';
import type { Dumped } from './dumping.ts';
import { LOCK_MS } from './load-lab.ts';

/** A swap whose maker is dead, up to the moment before its tables move. */
export interface DeadSwap {
  readonly plan: SwapPlan;
  readonly names: SwapNames;
  readonly session: MysqlSession;
  readonly written: Written;
  /** Does what the maker might have done before it died. */
  readonly run: (...statements: string[]) => Promise<void>;
}

/** Loads a dump beside a target as a process would that dies then; `work` plays what else it has done. */
export async function deadSwap(
  url: string,
  { frames, text, summary }: Dumped,
  work: (swap: DeadSwap) => Promise<void>,
): Promise<void> {
  const settings = parseUrl(url);
  const names = namesOf(
    `cofre_${thisProcess().host}_1_1_${Math.random().toString(16).slice(2).padEnd(8, '0').slice(0, 8)}`,
  );
  const signal = new AbortController().signal;
  const options = { role: 'target', purpose: 'load', signal } as const;
  await using session = await openSession({ ...settings, database: '' }, options);
  const { tables, details } = summary;
  const input = { frames: replay(frames), expected: { rawSize: text.length, tables, details } };
  const limits = { lockWaitMs: LOCK_MS, jobs: 2 };
  const load = { settings, input, context: contextOf(), limits, options: {}, names, session };
  const { plan } = await loadStaging(load, signal);
  const written = await writeJournal(session, names, plan);
  await readJournal(session, names);
  await setPhase(session, names, 'begun');
  if (plan.create !== undefined) await session.run(`CREATE DATABASE \`${plan.database}\` ${plan.create}`);
  const run = async (...statements: string[]) => {
    for (const sql of statements) await session.run(sql);
  };
  await work({ plan, names, session, written, run });
}
