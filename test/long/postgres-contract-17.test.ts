import { engineContract } from '../contracts/engine.ts';
import { postgresLab } from '../support/postgres/lab.ts';

engineContract('PostgreSQL 17', () => postgresLab(17));
