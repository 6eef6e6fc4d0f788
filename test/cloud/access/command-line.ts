import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAIN } from '../../cli/cli.ts';
import { makeIamUser } from '../../servers/ministack.ts';
import { COMPILE_CACHE } from '../../support/compile-cache.ts';
import { ACCOUNT, environmentOf } from '../deploy.ts';
import { STACK, type Stage } from './stage.ts';

const DEPLOY = resolve(import.meta.dirname, '../../../docs/deploy.md');

/** `cofre --stack`, as a process of its own, with rights of its own. */
export function describeCommandLine(stage: () => Stage): void {
  describe('the command line', () => {
    interface Ran {
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
    }

    /** A process of its own, which knows nothing but the stack's name and how to reach AWS. */
    function cofre(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
      const options = {
        cwd: stage().folder,
        env: { ...COMPILE_CACHE, ...environmentOf(stage().cloud.server), ...env },
      };
      return new Promise((done) =>
        execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) =>
          done({ code: error ? Number(error.code) : 0, stdout, stderr }),
        ),
      );
    }

    async function json(...args: string[]) {
      const { code, stdout, stderr } = await stage().steps.step(`cofre --stack ${STACK} ${args[0]}`, () =>
        cofre(['--stack', STACK, ...args, '--json']),
      );
      expect({ code, stderr, stdout: code === 0 ? '' : stdout }).toEqual({ code: 0, stderr: '', stdout: '' });
      return JSON.parse(stdout);
    }

    test('backs up, lists, downloads, restores, prunes, with the rights of whoever calls', async () => {
      const before = await stage().source.fingerprint();
      const made = await json('backup', '--database', stage().source.name);
      expect(made).toMatchObject({ database: stage().source.name, engine: 'sqlite' });
      expect((await json('list')).backups[0]).toMatchObject({ id: made.id, held: true });
      const { file } = await json('download', made.id);
      expect(readFileSync(file).subarray(0, 15).toString()).toBe('SQLite format 3');
      await stage().source.damage();
      expect(await json('restore', made.id, '--yes')).toMatchObject({ id: made.id, rows: made.rows });
      expect(await stage().source.fingerprint()).toBe(before);
      expect((await json('prune', '--keep-last', '1')).removed).toBeGreaterThan(0);
      const held = await cofre(['--stack', STACK, 'delete', made.id, '--json']);
      expect([held.code, JSON.parse(held.stdout).error.code]).toEqual([1, 'BACKUP_HELD']);
      const { jobs } = await json('jobs', '--limit', '2');
      expect(jobs[0].actor).toMatch(/^iam:arn:aws:iam::000000000000:/);
    });

    /** Of somebody with rights of their own; those of nobody else reach the process. */
    async function keysOf(name: string, statements: readonly object[]) {
      const made = await makeIamUser(stage().cloud.server.endpoint, name, statements);
      return { AWS_ACCESS_KEY_ID: made.accessKeyId, AWS_SECRET_ACCESS_KEY: made.secretAccessKey };
    }

    test('needs the rights that docs/deploy.md lists, and no more', async () => {
      const documented = rightsIn(readFileSync(DEPLOY, 'utf8'));
      expect(documented).toHaveLength(2);
      const operator = await keysOf('operator', documented);
      const listed = await cofre(['--stack', STACK, 'list', '--json'], operator);
      expect([listed.code, listed.stderr]).toEqual([0, '']);
      const { id } = JSON.parse(listed.stdout).backups[0];
      const saved = await cofre(['--stack', STACK, 'download', id, '-o', 'by-operator'], operator);
      expect([saved.code, saved.stderr]).toEqual([0, '']);
      const [describe, invoke] = documented;
      for (const [name, right] of [
        ['describer', describe],
        ['invoker', invoke],
      ] as const) {
        const refused = await cofre(['--stack', STACK, 'list'], await keysOf(name, [right!]));
        expect([name, refused.code, refused.stderr]).toEqual([name, 1, expect.stringContaining('no right')]);
      }
    });

    test('says what is wrong: no such stack, no right, a job that fails', async () => {
      const none = await cofre(['--stack', 'nothing', 'list']);
      expect([none.code, none.stderr]).toEqual([
        2,
        expect.stringContaining('no such thing: the stack nothing'),
      ]);
      const stranger = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'wrong' };
      const unknown = await cofre(['--stack', STACK, 'list'], stranger);
      expect([unknown.code, unknown.stderr]).toEqual([
        1,
        expect.stringContaining('Sign in with the AWS CLI'),
      ]);
      const failed = await cofre(['--stack', STACK, 'backup', '--database', 'gone', '--json']);
      expect([failed.code, JSON.parse(failed.stdout).error.code]).toEqual([1, 'SOURCE_FAILED']);
    });
  });

  /** The policy for the command line, with this account's names filled in. */
  function rightsIn(document: string): object[] {
    const [, policy = ''] = /```json\n(\{\n {2}"Version".*?)```/s.exec(document) ?? [];
    const { region } = stage().cloud.server;
    return JSON.parse(policy.replaceAll('REGION', region).replaceAll('ACCOUNT', ACCOUNT)).Statement;
  }
}
