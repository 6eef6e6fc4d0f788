import type { DumpParts, RawFrame, Section } from '../../engine.ts';
import type { ScriptItem } from '../script/script.ts';
import { Splitter } from '../script/splitter.ts';
import { readEarlyBuilds, withoutBuilt } from './early-builds.ts';
import { copyFrozen } from './frozen-tables.ts';
import { type ScriptTarget, scriptRunner } from './run-script.ts';

/** A table that would keep one session busy for this many times as long as all have to work is read by all of them. */
const LOPSIDED = 1.5;

/**
 * Runs a dump of Cofre's in an order that suits the server: structure, tables side by side and with them what indexes
 * and keys their rows allow, what belongs to no table, then all the rest.
 * @param counted passes frames on and counts their bytes
 * @returns warnings
 * @throws {CofreError} `BACKUP_DAMAGED`, `RESTORE_REFUSED`; else what the server says
 */
export async function runParts(
  parts: DumpParts,
  into: ScriptTarget,
  counted: (frames: AsyncIterable<RawFrame>) => AsyncIterable<RawFrame>,
): Promise<string[]> {
  const runner = scriptRunner(into);
  const read = (section: Section, tables?: readonly string[]) => counted(parts.read(section, tables));
  const { large, others } = divide(parts.tables, into.pool.sessions.length);
  await runner.run(itemsOf(read('pre-data')));
  // Read once more, and counted, when its turn comes.
  const early = await readEarlyBuilds(itemsOf(parts.read('post-data')));
  await runner.run(early.settings);
  for (const name of large) await runner.run(itemsOf(read('data', [name])));
  const built = await copyFrozen(others, early.builds, { ...into, read: (tables) => read('data', tables) });
  await runner.run(itemsOf(read('data', [])));
  await runner.run(withoutBuilt(itemsOf(read('post-data')), built));
  return runner.warnings();
}

function divide(tables: DumpParts['tables'], sessions: number) {
  const total = tables.reduce((sum, { size }) => sum + size, 0);
  const isLarge = ({ size }: { size: number }) => sessions > 1 && size * sessions > total * LOPSIDED;
  return {
    large: tables.filter(isLarge).map(({ name }) => name),
    others: tables.filter((it) => !isLarge(it)),
  };
}

/** Without comments and commands of psql: those of Cofre's dumps have no meaning here. */
async function* itemsOf(frames: AsyncIterable<RawFrame>): AsyncGenerator<ScriptItem> {
  const splitter = new Splitter();
  for await (const { bytes, release } of frames) {
    for (const item of splitter.push(bytes)) if (isRun(item)) yield item;
    release?.();
  }
  for (const item of splitter.end()) if (isRun(item)) yield item;
}

function isRun(item: { readonly kind: string }): item is ScriptItem {
  return item.kind !== 'meta' && item.kind !== 'comment';
}
