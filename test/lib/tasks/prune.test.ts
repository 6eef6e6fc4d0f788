import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cofre } from '../../../lib/cofre.ts';
import { CofreError } from '../../../lib/errors.ts';
import { runPrune } from '../../../lib/tasks/prune.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { makeBackup, scriptedDatabase } from '../../support/scripted-engine.ts';
import { makeWorkspace, type Workspace } from '../../support/workspace.ts';

const clock = fakeClock(new Date());
let workspace: Workspace;
let cofre: Cofre;
let asked: [database: string, before: Date, dryRun: boolean][];

/** `shop` and `blog` on servers that swap, `gone` on one that is away, `file` on an engine that does not swap. */
beforeEach(() => {
  workspace = makeWorkspace();
  asked = [];
  const opened = workspace.open({ clock, databases: ['shop', 'gone', 'blog', 'file'] });
  cofre = { ...opened, database: async (name) => scriptedDatabase(name, engineOf(name)) };
});
afterEach(() => workspace.remove());

function engineOf(name: string) {
  if (name === 'file') return {};
  return {
    discard: async (_url: string, before: Date, dryRun: boolean) => {
      if (name === 'gone') throw new CofreError('SOURCE_FAILED', 'Nobody answers.', { hint: 'Start it.' });
      asked.push([name, before, dryRun]);
      return [`${name}_before_20260101_000000`];
    },
  };
}

test('--days: drops what is as old as that, and warns of servers that are away', async () => {
  const report = await runPrune(cofre, { policy: { days: 7 }, dryRun: false });
  const before = new Date(clock.now().getTime() - 7 * 86_400_000);
  expect(asked).toEqual([
    ['shop', before, false],
    ['blog', before, false],
  ]);
  expect(report.replaced).toEqual([
    { name: 'shop_before_20260101_000000', database: 'shop' },
    { name: 'blog_before_20260101_000000', database: 'blog' },
  ]);
  expect(report.warnings).toEqual([expect.stringContaining('gone could not be looked at: Nobody answers.')]);
});

test('--keep-last: drops what is older than the oldest backup kept; without any backup, nothing', async () => {
  const all = [
    await makeBackup(cofre, clock),
    await makeBackup(cofre, clock),
    await makeBackup(cofre, clock),
  ];
  const { removed } = await runPrune(cofre, { policy: { keepLast: 2 }, dryRun: false });
  expect(removed).toBe(1);
  expect(asked).toEqual([['shop', new Date(all[1]!.manifest.startedAt), false]]);
});

test('a dry run asks for no more than names, of the named database only', async () => {
  const request = { database: 'blog', policy: { days: 1 }, dryRun: true };
  const { replaced, decisions } = await runPrune(cofre, request);
  expect(asked.map(([name, , dryRun]) => [name, dryRun])).toEqual([['blog', true]]);
  expect([replaced, decisions]).toEqual([[{ name: 'blog_before_20260101_000000', database: 'blog' }], []]);
});
