import { engineContract } from '../contracts/engine.ts';
import { postgresLab } from '../support/postgres/lab.ts';

engineContract('PostgreSQL 19', () => postgresLab(19));
