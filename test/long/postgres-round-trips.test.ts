import { PACKAGED_MAJORS } from '../servers/postgres/server.ts';
import { roundTrips, SAMPLES } from '../support/postgres/round-trips.ts';

for (const major of PACKAGED_MAJORS) roundTrips(major, SAMPLES);
