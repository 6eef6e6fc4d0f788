import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { ensureVenv } from './venv.ts';

const versions = ['3.13', '3.12'];
const scratch: string[] = [];

afterEach(() => {
  for (const path of scratch.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A requirements file of its own, so that each test makes a new environment. */
function requirements(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cofre-venv-'));
  scratch.push(folder);
  const file = join(folder, 'requirements.txt');
  writeFileSync(file, `# ${folder}\n${text}\n`);
  return file;
}

async function make(file: string) {
  const venv = await ensureVenv('test', file, versions);
  scratch.push(venv.folder, `${venv.folder}.lock`);
  return venv;
}

test('two at once make one environment, and later calls reuse it', async () => {
  const file = requirements('');
  const [first, second] = await Promise.all([make(file), make(file)]);
  expect(second).toEqual(first);
  const { mtimeMs } = await stat(join(first.folder, 'ready'));
  await make(file);
  expect((await stat(join(first.folder, 'ready'))).mtimeMs).toBe(mtimeMs);
  const { stdout } = await promisify(execFile)(first.python, ['-c', 'import sys; print(sys.prefix)']);
  expect(stdout.trim()).toBe(first.folder);
});

test('a half-made environment is made again', async () => {
  const file = requirements('');
  const { folder } = await make(file);
  rmSync(join(folder, 'ready'));
  rmSync(join(folder, 'bin/python'));
  writeFileSync(join(folder, 'debris'), '');
  const { python } = await make(file);
  await expect(stat(python)).resolves.toBeDefined();
  await expect(stat(join(folder, 'debris'))).rejects.toThrow('ENOENT');
});

test('a failed install is reported with the output of pip, and leaves nothing', async () => {
  const file = requirements('./no-such-package.whl');
  const error = await make(file).catch((reason: Error) => reason.message);
  expect(error).toContain('no-such-package.whl');
  const folder = / into (\S+):\n/.exec(String(error))![1]!;
  scratch.push(`${folder}.lock`);
  await expect(stat(folder)).rejects.toThrow('ENOENT');
});

test('a missing Python is reported with what to install', async () => {
  const missing = ensureVenv('test', requirements(''), ['3.99']);
  await expect(missing).rejects.toThrow(/need Python 3\.99.*apt-get install python3\.99-venv/s);
});
