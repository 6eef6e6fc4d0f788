import { afterAll, beforeAll, describe } from 'vitest';
import { type LoadLab, openLoadLab } from '../support/mysql/load-lab.ts';
import { dumpRoundTrips, loadRoundTrips } from '../support/mysql/round-trips.ts';

describe('mariadb-11.8', () => {
  let lab: LoadLab;

  beforeAll(async () => {
    lab = await openLoadLab('mariadb-11.8');
  });
  afterAll(() => lab?.server.stop());

  dumpRoundTrips(() => lab.server);
  loadRoundTrips(() => lab);
});
