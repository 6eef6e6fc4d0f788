import { afterAll, beforeAll } from 'vitest';
import { makeUser } from '../access/cognito.ts';
import { describeCanaries } from './access/canaries.ts';
import { describeCommandLine } from './access/command-line.ts';
import { describeMatrix } from './access/matrix.ts';
import { describePage } from './access/page.ts';
import { ADMIN, CANARIES, NOBODY, type Stage, VIEWER } from './access/stage.ts';
import { deployed, makeRunFolder } from './deployed.ts';
import { sqliteSource } from './sources/sqlite.ts';
import { stepLog } from './steps.ts';

const steps = stepLog('Access to the deployed stack on MiniStack');
const opened = new AsyncDisposableStack();
let stage: Stage;

beforeAll(async () => {
  const folder = opened.use(makeRunFolder()).path;
  const source = await sqliteSource(folder);
  const place = { engine: 'postgres', host: '127.0.0.1', port: 1, user: 'cofre', database: 'gone' };
  const gone = { ...place, password: '${secret:canary/password}', email: true };
  const sources = [{ ...source, secrets: { 'canary/password': CANARIES.password } }];
  const cloud = opened.use(await deployed(folder, { sources, databases: { gone }, steps }));
  const admin = await steps.step('sign in', () => cloud.signIn(ADMIN, ['admin']));
  await cloud.signIn(VIEWER, ['viewer']);
  await makeUser(cloud.server, cloud.outputs['UserPoolId']!, NOBODY, []);
  stage = { cloud, source, admin, folder, steps };
});
afterAll(async () => {
  steps.print();
  await opened.disposeAsync();
});

describeMatrix(() => stage);
describeCommandLine(() => stage);
describePage(() => stage);
describeCanaries(() => stage);
