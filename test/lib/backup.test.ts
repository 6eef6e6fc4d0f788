import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cofre } from '../../lib/cofre.ts';
import { CofreError } from '../../lib/errors.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { dyingStore, makeBackup } from '../support/scripted-engine.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
let cofre: Cofre;
const clock = fakeClock(new Date());

beforeEach(() => {
  workspace = makeWorkspace();
  cofre = workspace.open({ clock });
});
afterEach(() => workspace.remove());

const lost = () => Promise.reject(new CofreError('LEASE_LOST', 'lost'));

test.each([
  ['while it dumps', { fail: true }, 0],
  ['at the commit record', {}, 1],
  ['at the fence', { fence: lost }, 0],
])('a backup that fails %s leaves the store as it was', async (_, options, dieAtPut) => {
  await makeBackup(cofre, clock);
  const before = workspace.files();
  const deps = dieAtPut ? workspace.openOn(dyingStore(cofre.store, 'put', dieAtPut), clock) : cofre;
  await expect(makeBackup(deps, clock, options)).rejects.toThrow();
  expect(workspace.files()).toEqual(before);
});

test('two backups within one second get two names', async () => {
  const [one, two] = [await makeBackup(cofre, clock), await makeBackup(cofre, fakeClock(clock.now()))];
  expect(one.id).not.toBe(two.id);
  clock.advance(-60_000);
  const three = await makeBackup(cofre, clock);
  expect(new Set([one.id, two.id, three.id]).size).toBe(3);
  expect((await cofre.catalog.scan()).backups).toHaveLength(3);
});
