import { roundTrips, SAMPLES } from '../../../support/postgres/round-trips.ts';

// 19 has a file of its own, and all samples on all servers test/long/postgres-round-trips.test.ts.
roundTrips(14, ['chinook', 'every-kind']);
roundTrips('debian-15', ['every-kind']);
roundTrips(18, SAMPLES);
