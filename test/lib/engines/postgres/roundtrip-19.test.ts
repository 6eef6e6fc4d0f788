import { roundTrips, SAMPLES } from '../../../support/postgres/round-trips.ts';

roundTrips(19, SAMPLES);
