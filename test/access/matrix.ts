import { expect } from 'vitest';

/** What one operation needs, said once more here: the matrix must not follow whatever the code says. */
interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: (ids: Ids) => string;
  readonly body?: (ids: Ids) => object;
  /** The least role that may. */
  readonly role: 'viewer' | 'admin';
  readonly success: number;
  /** Not in a stack: there the API answers 400. */
  readonly local?: true;
}

/** What there is: an older and the newest backup of a database, and a job. */
export interface Ids {
  readonly database: string;
  readonly older: string;
  readonly backup: string;
  readonly job: string;
}

/** Each operation; those that take something away come last. */
export const MATRIX: readonly Route[] = [
  route('viewer', 'getOpenApi', 'GET', 200, () => 'openapi.json'),
  route('viewer', 'getMe', 'GET', 200, () => 'me'),
  route('viewer', 'listDatabases', 'GET', 200, () => 'databases'),
  route('viewer', 'listBackups', 'GET', 200, () => 'backups'),
  route('viewer', 'getBackup', 'GET', 200, ({ backup }) => `backups/${backup}`),
  route('viewer', 'listJobs', 'GET', 200, () => 'jobs'),
  route('viewer', 'getJob', 'GET', 200, ({ job }) => `jobs/${job}`),
  route('admin', 'getDownloadUrl', 'GET', 200, ({ backup }) => `backups/${backup}/download-url`),
  route('admin', 'downloadBackup', 'GET', 302, ({ backup }) => `backups/${backup}/download`),
  route('admin', 'startVerify', 'POST', 202, ({ backup }) => `backups/${backup}/verify`),
  {
    ...route(
      'admin',
      'startRestoreTest',
      'POST',
      202,
      ({ backup }) => `backups/${backup}/restore-test`,
      () => ({}),
    ),
    local: true,
  },
  route(
    'admin',
    'startBackup',
    'POST',
    202,
    () => 'backups',
    ({ database }) => ({ database }),
  ),
  route('admin', 'startRestore', 'POST', 202, () => 'restores', restoreOf),
  route('admin', 'deleteBackup', 'DELETE', 204, ({ older }) => `backups/${older}`),
  route(
    'admin',
    'prune',
    'POST',
    200,
    () => 'prune',
    () => ({ keepLast: 1 }),
  ),
];

function restoreOf({ database, backup }: Ids): object {
  return { database, backup, confirm: database, safetyBackup: false };
}

function route(
  role: Route['role'],
  operation: string,
  method: string,
  success: number,
  path: Route['path'],
  body?: Route['body'],
): Route {
  return { role, operation, method, success, path, ...(body && { body }) };
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Asks below `/api/`, with the token if there is one. */
export type Ask = (
  method: string,
  path: string,
  token: string | undefined,
  body?: object,
) => Promise<Answered>;

/** Every route with one bad token, or none: refused, and told how. */
export async function expectRefused(
  ask: Ask,
  ids: Ids,
  token: string | undefined,
  status: 401 | 403,
  routes = MATRIX,
): Promise<void> {
  for (const { method, path, body, operation } of routes) {
    const answer = await ask(method, path(ids), token, body?.(ids));
    expect([operation, answer.status]).toEqual([operation, status]);
    expect(JSON.parse(answer.text)).toMatchObject({
      status,
      code: status === 401 ? 'SIGNED_OUT' : 'FORBIDDEN',
      title: expect.any(String),
      detail: expect.any(String),
    });
  }
}

/** Routes that the token opens. `settled` is called after each, until whatever it started has come to its end. */
export async function expectAllowed(
  ask: Ask,
  ids: Ids,
  token: string,
  routes: readonly Route[],
  settled: () => Promise<void>,
): Promise<void> {
  for (const { method, path, body, operation, success } of routes) {
    const answer = await ask(method, path(ids), token, body?.(ids));
    expect([operation, answer.status, answer.status === success ? '' : answer.text]).toEqual([
      operation,
      success,
      '',
    ]);
    await settled();
  }
}

export const FOR_VIEWERS = MATRIX.filter(({ role }) => role === 'viewer');
export const FOR_ADMINS = MATRIX.filter(({ role }) => role === 'admin');
/** What a stack does; the others it refuses as it refuses whoever may not. */
export const IN_STACK = MATRIX.filter(({ local }) => !local);
