import { afterAll, beforeAll, describe } from 'vitest';
import { FLAVORS } from '../../../servers/mysql/server.ts';
import { type LoadLab, openLoadLab } from '../../../support/mysql/load-lab.ts';
import { loadRoundTrips } from '../../../support/mysql/round-trips.ts';

describe.each(FLAVORS)('%s', (flavor) => {
  let lab: LoadLab;

  beforeAll(async () => {
    lab = await openLoadLab(flavor);
  });
  afterAll(() => lab?.server.stop());

  loadRoundTrips(() => lab);
});
