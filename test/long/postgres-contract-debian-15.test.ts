import { engineContract } from '../contracts/engine.ts';
import { postgresLab } from '../support/postgres/lab.ts';

engineContract('PostgreSQL debian-15', () => postgresLab('debian-15'));
