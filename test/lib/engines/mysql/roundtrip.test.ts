import { afterAll, beforeAll, describe } from 'vitest';
import { FLAVORS, type MysqlServer, startMysql } from '../../../servers/mysql/server.ts';
import { dumpRoundTrips } from '../../../support/mysql/round-trips.ts';

describe.each(FLAVORS)('%s', (flavor) => {
  let server: MysqlServer;

  beforeAll(async () => {
    server = await startMysql(flavor);
  });
  afterAll(() => server?.stop());

  dumpRoundTrips(() => server);
});
