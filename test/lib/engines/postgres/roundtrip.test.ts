import { roundTrips, SAMPLES } from '../../../support/postgres/round-trips.ts';

// 19 has a file of its own, and all samples on all servers test/long/postgres-round-trips.test.ts.
roundTrips(14, SAMPLES);
roundTrips('debian-15', ['every-kind']);
for (const major of [15, 16, 17] as const) roundTrips(major, ['every-kind']);
roundTrips(18, SAMPLES);
