import { describe, expect, test } from 'vitest';
import { leaksIn } from '../../access/canaries.ts';
import { askAws } from '../../access/cognito.ts';
import { sentMails } from '../../servers/mail.ts';
import { until } from '../until.ts';
import { CANARIES, STACK, type Stage } from './stage.ts';

/** What the deployed functions have told, wherever they tell something. */
export function describeCanaries(stage: () => Stage): void {
  describe('no canary', () => {
    test('is in any log, job, answer or mail of a deployed function', async () => {
      const job = await stage().admin.run('backups', { database: 'gone', email: true });
      expect(job).toMatchObject({ status: 'failed', error: { code: 'SOURCE_FAILED' } });
      const mails = await until(
        'mail of the failure',
        () => sentMails(stage().cloud.server),
        (all) => all.some(({ subject }) => subject.includes('gone')),
      );
      const logs = await logsOf(['backup', 'api', 'notify', 'authorizer', 'prune', 'restore']);
      for (const name of ['backup', 'api']) expect(logs[name]!.length).toBeGreaterThan(100);
      const told = { jobs: (await stage().admin.get('jobs?limit=200')).jobs, mails, logs };
      expect(leaksIn(JSON.stringify(told), CANARIES)).toEqual([]);
      expect(JSON.stringify(logs)).not.toMatch(/ey[A-Za-z0-9_-]{20,}\.ey/);
    });
  });

  async function logsOf(names: readonly string[]): Promise<Record<string, string>> {
    const { logGroups } = await logs('DescribeLogGroups', {});
    const found: Record<string, string> = {};
    for (const name of names) {
      const group = logGroups.find((it: { logGroupName: string }) =>
        it.logGroupName.endsWith(`${STACK}-${name}`),
      );
      if (!group) continue;
      const { events } = await logs('FilterLogEvents', { logGroupName: group.logGroupName, limit: 10_000 });
      found[name] = events.map(({ message }: { message: string }) => message).join('\n');
    }
    return found;
  }

  const logs = (action: string, body: object) =>
    askAws(stage().cloud.server, ['logs', `Logs_20140328.${action}`], body);
}
