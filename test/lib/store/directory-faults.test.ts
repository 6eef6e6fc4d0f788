import { execFile, execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { directoryStore } from '../../../lib/store/directory.ts';
import {
  bytes,
  codeOf,
  collect,
  contentOf,
  digest,
  inChunks,
  readAll,
} from '../../contracts/store/harness.ts';

const VERBS = join(import.meta.dirname, '../../support/store-verbs.ts');
const run = promisify(execFile);

let root: string;
const mounts: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cofre-faults-'));
});
afterEach(async () => {
  for (const mount of mounts.splice(0)) execFileSync('umount', [mount]);
  await chmod(root, 0o700);
  await rm(root, { recursive: true });
});

/** Whether this process can mount: root outside of a strict container can. */
function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function mountTmpfs(folder: string, options: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder]);
  mounts.push(folder);
}

/** Every temporary file in the folder. */
async function temporaryFiles(): Promise<string[]> {
  return (await readdir(root, { recursive: true })).filter((path) => path.includes('.cofre-tmp'));
}

describe('a full disk', () => {
  const OLD = bytes(100_000, 1);

  test('a file size limit of the process: put and upload are NO_SPACE, and the old object stays', async () => {
    const store = directoryStore(root);
    await store.put('db/object', OLD, { tag: 'old' });
    const command = 'ulimit -f 200; exec "$0" "$1" "$2" 5000000'; // blocks of 1,024 bytes
    const { stdout } = await run('bash', ['-c', command, process.execPath, VERBS, root]);
    expect(JSON.parse(stdout)).toMatchObject({
      put: 'NO_SPACE',
      'put new': 'NO_SPACE',
      upload: 'NO_SPACE',
      setTag: 'done',
    });
    expect(await temporaryFiles()).toEqual([]);
  });

  // Without the right to mount, the test above is the one that such a machine can have.
  for (const which of canMount() ? (['put', 'upload'] as const) : []) {
    test(`a full file system of 2 MiB: ${which} is NO_SPACE, and the old object and its tag stay`, async () => {
      mountTmpfs(root, 'size=2m');
      const store = directoryStore(root);
      await store.put('db/object', OLD, { tag: 'old' });
      const big = bytes(3_000_000);
      const attempt =
        which === 'put'
          ? store.put('db/object', big, { tag: 'x' })
          : store.upload('db/object', inChunks(big, 65_536));
      expect(await codeOf(attempt)).toBe('NO_SPACE');
      expect(await contentOf(store, 'db/object')).toBe(digest(OLD));
      expect(await store.getTag('db/object')).toBe('old');
      expect(await temporaryFiles()).toEqual([]);
      await store.put('db/object', bytes(1_000_000), { tag: 'x' }); // room again
    });
  }
});

describe('a folder that may not be written', () => {
  test('by another user: every verb is STORE_DENIED (9 verbs)', async () => {
    await directoryStore(root).put('db/object', bytes(10), { tag: 'old' });
    await chmod(join(root, 'db'), 0o000);
    await chmod(root, 0o000);
    const { stdout } = await run(process.execPath, [VERBS, root, '10', 'as-nobody']);
    const outcomes = Object.entries(JSON.parse(stdout));
    await chmod(root, 0o700);
    await chmod(join(root, 'db'), 0o700);
    expect(outcomes).toHaveLength(9);
    expect(outcomes.filter(([, outcome]) => outcome !== 'STORE_DENIED')).toEqual([]);
  });

  test('that others may read only: reading works, writing is STORE_DENIED (9 verbs)', async () => {
    await directoryStore(root).put('db/object', bytes(10), { tag: 'old' });
    await chmod(join(root, 'db/object'), 0o644);
    for (const folder of ['db', '']) await chmod(join(root, folder), 0o555);
    const { stdout } = await run(process.execPath, [VERBS, root, '10', 'as-nobody']);
    for (const folder of ['', 'db']) await chmod(join(root, folder), 0o700);
    const denied = Object.entries(JSON.parse(stdout)).filter(([, outcome]) => outcome === 'STORE_DENIED');
    expect(denied.map(([verb]) => verb)).toEqual([
      'put',
      'put new',
      'upload',
      'setTag',
      'downloadUrl',
      'delete',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ get: 'done', read: 'done', list: 'done' });
  });

  for (const how of canMount() ? ['on a read-only file system'] : []) {
    test(`${how}: writing is STORE_DENIED, reading works`, async () => {
      mountTmpfs(root, 'size=2m');
      const store = directoryStore(root);
      await store.put('db/object', bytes(10));
      execFileSync('mount', ['-o', 'remount,ro', root]);
      expect(await codeOf(store.put('db/object', bytes(5)))).toBe('STORE_DENIED');
      expect(await codeOf(store.delete('db/object'))).toBe('STORE_DENIED');
      expect(await codeOf(store.setTag('db/object', 'x'))).toBe('STORE_DENIED');
      expect(await contentOf(store, 'db/object')).toBe(digest(bytes(10)));
    });
  }
});

describe('what else can be in a folder', () => {
  test('a symbolic link to a file or a folder elsewhere is no object, and is not passed through', async () => {
    const store = directoryStore(join(root, 'store'));
    await store.put('db/object', bytes(10));
    await mkdir(join(root, 'outside'));
    await writeFile(join(root, 'outside/file'), 'a secret');
    await symlink(join(root, 'outside/file'), join(root, 'store/db/link'));
    await symlink(join(root, 'outside'), join(root, 'store/linked'));
    expect((await collect(store.list(''))).map(({ key }) => key)).toEqual(['db/object']);
    expect(await codeOf(store.get('db/link'))).toBe('STORE_NOT_FOUND');
    expect(await codeOf(store.get('linked/file'))).toBe('STORE_DENIED');
    expect(await codeOf(store.put('linked/deep/new', bytes(1)))).toBe('STORE_DENIED');
    await store.put('db/link', bytes(5)); // replaces the link, not what it leads to
    expect(await readdir(join(root, 'outside'))).toEqual(['file']);
    expect(await contentOf(store, 'db/link')).toBe(digest(bytes(5)));
  });

  test('the store itself may be a link', async () => {
    await mkdir(join(root, 'real'));
    await symlink(join(root, 'real'), join(root, 'store'));
    await directoryStore(join(root, 'store')).put('db/object', bytes(5));
    expect(await contentOf(directoryStore(join(root, 'real')), 'db/object')).toBe(digest(bytes(5)));
  });

  test('a file that someone truncates or writes into during a read is a conflict (3 ways)', async () => {
    const store = directoryStore(root);
    const ways = { shorter: 100, empty: 0, 'same size': 5_000_000 };
    for (const [way, size] of Object.entries(ways)) {
      await store.put(way, bytes(5_000_000));
      const read = async () => {
        let first = true;
        for await (const _ of store.read(way)) {
          if (first && way === 'same size') await writeFile(join(root, way), bytes(size, 2));
          else if (first) await truncate(join(root, way), size);
          first = false;
        }
      };
      expect([way, await codeOf(read())]).toEqual([way, 'STORE_CONFLICT']);
    }
  });

  test('a key cannot be both object and folder', async () => {
    const store = directoryStore(root);
    await store.put('a', bytes(1));
    expect(await codeOf(store.put('a/b', bytes(1)))).toBe('USAGE');
    expect(await store.head('a/b')).toBeUndefined();
    await store.put('c/d', bytes(1));
    expect(await codeOf(store.put('c', bytes(1)))).toBe('USAGE');
    expect((await collect(store.list(''))).map(({ key }) => key)).toEqual(['a', 'c/d']);
  });

  test('tags come along when the folder is copied elsewhere', async () => {
    await directoryStore(join(root, 'first')).put('db/object', bytes(10), { tag: 'hold' });
    execFileSync('cp', ['-r', join(root, 'first'), join(root, 'second')]);
    expect(await directoryStore(join(root, 'second')).getTag('db/object')).toBe('hold');
  });

  test('a tag file without an object, or one that is damaged, does no harm to others', async () => {
    const store = directoryStore(root);
    await store.put('db/object', bytes(10), { tag: 'hold' });
    await rm(join(root, 'db/object'));
    expect(await store.head('db/object')).toBeUndefined();
    await store.put('db/object', bytes(10));
    expect(await store.getTag('db/object')).toBeUndefined();
    await writeFile(join(root, 'db/.cofre-tags/object'), '{');
    expect(await codeOf(store.getTag('db/object'))).toBe('STORE_UNAVAILABLE');
    expect((await readAll(store.read('db/object'))).length).toBe(10);
  });

  test('a version is later than the one it replaces, even when the clock went back an hour', async () => {
    const store = directoryStore(root);
    await store.put('a', bytes(1));
    const future = new Date(Date.now() + 3_600_000);
    await utimes(join(root, 'a'), future, future);
    const before = (await store.head('a'))!;
    const { mtimeNs } = await stat(join(root, 'a'), { bigint: true });
    const after = await store.put('a', bytes(1), { condition: before });
    expect(after.etag).not.toBe(before.etag);
    expect((await stat(join(root, 'a'), { bigint: true })).mtimeNs).toBeGreaterThan(mtimeNs);
    expect(await store.head('a')).toEqual(after);
  });

  test('files and folders can be read by their owner only', async () => {
    const store = directoryStore(join(root, 'store'));
    await store.put('db/object', bytes(10), { tag: 'x' });
    await store.downloadUrl('db/object', { expiresIn: 60, fileName: 'x' });
    const mode = async (path: string) => ((await stat(join(root, 'store', path))).mode & 0o777).toString(8);
    expect(await Promise.all(['', 'db', 'db/object', '.cofre-secret'].map(mode))).toEqual([
      '700',
      '700',
      '600',
      '600',
    ]);
  });

  test('two stores that need the secret at once agree on one (20 URLs)', async () => {
    const stores = Array.from({ length: 20 }, () => directoryStore(root));
    const urls = await Promise.all(
      stores.map((store) => store.downloadUrl('a', { expiresIn: 60, fileName: 'x' })),
    );
    expect(new Set(urls.map((url) => new URL(url).searchParams.get('signature'))).size).toBe(1);
    const { pathname, search } = new URL(urls[0]!);
    expect((await stores[7]!.verifyDownload(pathname + search)).key).toBe('a');
    await rm(join(root, '.cofre-secret'));
    expect(await codeOf(stores[7]!.verifyDownload(pathname + search))).toBe('STORE_DENIED');
  });

  test('the folder need not exist: reading finds nothing, the first write makes it', async () => {
    const store = directoryStore(join(root, 'not/yet'));
    expect(await collect(store.list(''))).toEqual([]);
    expect(await store.head('a/b')).toBeUndefined();
    expect(await store.clearUnfinished(new Date())).toBe(0);
    await store.delete('a/b');
    expect(await readdir(root)).toEqual([]);
    await store.put('a/b', bytes(1));
    expect((await collect(store.list(''))).map(({ key }) => key)).toEqual(['a/b']);
  });
});
