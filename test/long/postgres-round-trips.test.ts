import { PACKAGED_MAJORS } from '../servers/postgres/server.ts';
import { roundTrips, SAMPLES } from '../support/postgres/round-trips.ts';

for (const version of [...PACKAGED_MAJORS, 'debian-15', 19, '18-extensions'] as const)
  roundTrips(version, SAMPLES);
