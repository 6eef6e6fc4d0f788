import { describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './cli.ts';
import { backUpDaysAgo } from './seed.ts';

/** A desk with backups of so many days ago; `ids` in that order. */
async function withBackups(...days: number[]): Promise<Desk & { ids: string[] }> {
  const desk = await openDesk();
  const ids: string[] = [];
  for (const ago of days) ids.push((await backUpDaysAgo(desk.folder, ago)).id);
  return Object.assign(desk, { ids });
}

const listed = async (desk: Desk) =>
  (await desk.json(['list'])).backups.map((it: { id: string }) => it.id) as string[];
const told = (decisions: { action: string; reason: string }[]) =>
  decisions.map((it) => `${it.action}: ${it.reason}`);

describe.concurrent('cofre prune', () => {
  it('--days: says why each stays or goes, first only says it, then does it', async () => {
    await using desk = await withBackups(1, 5, 9);
    const dry = await desk.json(['prune', '--days', '7', '--dry-run']);
    expect(told(dry.decisions)).toEqual([
      'keep: the newest whole backup is never removed',
      'keep: 5 days old, not older than 7',
      'remove: 9 days old, older than 7',
    ]);
    expect(dry).toMatchObject({ dryRun: true, removed: 0, replaced: [], warnings: [] });
    expect(await listed(desk)).toHaveLength(3);
    const done = await desk.json(['prune', '--days', '7']);
    expect(done).toMatchObject({ dryRun: false, removed: 1, decisions: dry.decisions });
    expect(done.freedBytes).toBe(dry.decisions[2].size);
    expect(await listed(desk)).toEqual(desk.ids.slice(0, 2));
  });

  it('--keep-last: counts from the newest; the newest stays however old', async () => {
    await using desk = await withBackups(400, 401, 402);
    const { decisions, removed } = await desk.json(['prune', '--keep-last', '2']);
    expect(told(decisions).slice(1)).toEqual([
      'keep: number 2 of the newest 2',
      'remove: number 3, beyond the newest 2',
    ]);
    expect(removed).toBe(1);
    await desk.json(['prune', '--days', '1']);
    expect(await listed(desk)).toEqual([desk.ids[0]]);
  });

  it('touches the named database only', async () => {
    await using desk = await withBackups(3, 4);
    expect((await desk.json(['prune', '--keep-last', '1', '--database', 'other'])).decisions).toEqual([]);
    expect(await listed(desk)).toHaveLength(2);
  });

  it('is a table for people', async () => {
    await using desk = await withBackups(3, 4);
    const { code, stdout, stderr } = await desk.run(['prune', '--keep-last', '1', '--dry-run']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ACTION +ID +MADE +STORED +REASON\nkeep /);
    expect(stdout).toMatch(/Would remove 1 of 2 backups, /);
  });

  it.for([
    [],
    ['--days', '0'],
    ['--days', 'x'],
    ['--keep-last', '-1'],
    ['--days', '1.5'],
    ['--days', '1', '--keep-last', '1'],
  ])('refuses the policy %j: exit 2, nothing removed', async (policy) => {
    await using desk = await withBackups(50, 60);
    expect((await desk.json(['prune', ...policy], 2)).error.code).toBe('USAGE');
    expect(await listed(desk)).toHaveLength(2);
  });
});

describe.concurrent('cofre delete', () => {
  it('deletes one; the newest only by force, and then the next is held', async () => {
    await using desk = await withBackups(1, 2, 3);
    const [newest, second, third] = desk.ids as [string, string, string];
    expect(await desk.json(['delete', third])).toEqual({ id: third, deleted: true });
    expect((await desk.json(['delete', newest], 1)).error.code).toBe('BACKUP_HELD');
    expect(await listed(desk)).toEqual([newest, second]);
    await desk.json(['delete', newest, '--force']);
    const { backups } = await desk.json(['list']);
    expect(backups).toMatchObject([{ id: second, held: true }]);
  });
});
