import { beforeAll, describe, test } from 'vitest';
import { makeClient, tokensOf } from '../../access/cognito.ts';
import { tamper } from '../../access/keys.ts';
import {
  type Ask,
  expectAllowed,
  expectRefused,
  FOR_ADMINS,
  FOR_VIEWERS,
  type Ids,
  IN_STACK,
} from '../../access/matrix.ts';
import { openApi } from '../http.ts';
import { until } from '../until.ts';
import { ADMIN, NOBODY, type Stage, settled, VIEWER } from './stage.ts';

/** Each operation with each kind of caller, by real tokens of the pool. */
export function describeMatrix(stage: () => Stage): void {
  /** The gateway lets 20 requests a second through; the matrix asks faster. */
  const ask: Ask = async (method, path, token, body) => {
    const once = () =>
      openApi(stage().cloud.outputs['ApiUrl']!, token).ask(method, path, body ? { body } : {});
    return await until('answer', once, ({ status }) => status !== 429);
  };

  async function backUpTwice(): Promise<Ids> {
    const made: string[] = [];
    for (let n = 0; n < 2; n += 1) {
      const { result, id } = await stage().admin.run('backups', { database: stage().source.name });
      made.push(result.id, id);
      await settled(stage());
    }
    return { database: stage().source.name, older: made[0]!, backup: made[2]!, job: made[3]! };
  }

  describe('the authorization matrix', () => {
    let ids: Ids;
    beforeAll(async () => {
      ids = await stage().steps.step('two backups', backUpTwice);
    });

    test.each<[string, () => Promise<string | undefined>]>([
      ['no token', async () => undefined],
      ['no JWT', async () => 'secret'],
      [
        'a viewer who says to be an admin',
        async () => tamper(await stage().cloud.token(VIEWER), { 'cognito:groups': ['admin'] }),
      ],
      ['a token of another client', () => tokenOfAnotherClient()],
      ['an ID token', async () => (await tokensOf(stage().cloud.server, await passwordClient(), ADMIN)).id],
    ])('401 on every route: %s', async (what, token) => {
      await stage().steps.step(`matrix: ${what}`, async () => expectRefused(ask, ids, await token(), 401));
    });

    test('403 on every route without a role, for a viewer on all that acts', async () => {
      await stage().steps.step('matrix: no role', async () =>
        expectRefused(ask, ids, await stage().cloud.token(NOBODY), 403),
      );
      await stage().steps.step('matrix: viewer refused', async () =>
        expectRefused(ask, ids, await stage().cloud.token(VIEWER), 403, FOR_ADMINS),
      );
    });

    test('2xx for a viewer on all that shows, for an admin on everything', async () => {
      await stage().steps.step('matrix: viewer', async () =>
        expectAllowed(ask, ids, await stage().cloud.token(VIEWER), FOR_VIEWERS, () => settled(stage())),
      );
      await stage().steps.step('matrix: admin', async () =>
        expectAllowed(ask, ids, await stage().cloud.token(ADMIN), IN_STACK, () => settled(stage())),
      );
    });
  });

  const passwordClient = () => makeClient(stage().cloud.server, stage().cloud.outputs['UserPoolId']!);

  async function tokenOfAnotherClient(): Promise<string> {
    return (await tokensOf(stage().cloud.server, await passwordClient(), ADMIN)).access;
  }
}
