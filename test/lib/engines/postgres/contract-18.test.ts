import { engineContract } from '../../../contracts/engine.ts';
import { postgresLab } from '../../../support/postgres/lab.ts';

engineContract('PostgreSQL 18', () => postgresLab(18));
