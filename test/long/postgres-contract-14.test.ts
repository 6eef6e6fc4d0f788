import { engineContract } from '../contracts/engine.ts';
import { postgresLab } from '../support/postgres/lab.ts';

engineContract('PostgreSQL 14', () => postgresLab(14));
