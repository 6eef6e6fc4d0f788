import { roundTrips } from '../../../support/postgres/round-trips.ts';

roundTrips(19, ['chinook', 'every-kind']);
