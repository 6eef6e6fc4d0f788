import { roundTrips, SAMPLES } from '../../../support/postgres/round-trips.ts';

// All samples on all servers: test/long/postgres-round-trips.test.ts.
roundTrips(14, SAMPLES);
for (const major of [15, 16, 17] as const) roundTrips(major, ['every-kind']);
roundTrips(18, SAMPLES);
