import { afterAll, beforeAll, describe } from 'vitest';
import { type LoadLab, openLoadLab } from '../../../support/mysql/load-lab.ts';
import { dumpRoundTrips, loadRoundTrips, SMALL_SAMPLES } from '../../../support/mysql/round-trips.ts';

describe('mysql-8.0.31', () => {
  let lab: LoadLab;

  beforeAll(async () => {
    lab = await openLoadLab('mysql-8.0.31');
  });
  afterAll(() => lab?.server.stop());

  dumpRoundTrips(() => lab.server, SMALL_SAMPLES);
  loadRoundTrips(() => lab, SMALL_SAMPLES);
});
