import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, oneObject, openDesk, type Result } from './cli.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** As somebody types it in the folder of the project. */
function npm(args: readonly string[]): Promise<Result> {
  const { PATH = '', HOME = '/' } = process.env;
  const env = { PATH, HOME, NO_UPDATE_NOTIFIER: '1' };
  return ended(spawn('npm', args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] }));
}

describe('npm run -s cofre', () => {
  it('list --json: one object, nothing else', async () => {
    const { backups } = oneObject(await npm(['run', '-s', 'cofre', '--', 'list', '--json']), 0);
    expect(Array.isArray(backups)).toBe(true);
  });

  it('takes a configuration of elsewhere, and hands the exit code on', async () => {
    await using desk = await openDesk();
    const config = ['--config', `${desk.folder}/cofre.json`, '--json'];
    const made = oneObject(await npm(['run', '-s', 'cofre', '--', 'backup', ...config]), 0);
    expect((await desk.json(['list'])).backups).toMatchObject([{ id: made.id }]);
    oneObject(await npm(['run', '-s', 'cofre', '--', 'show', 'shop-20200101-000000', ...config]), 3);
  });
});
