import { engineContract } from '../../../contracts/engine.ts';
import { sqliteLab } from '../../../support/sqlite-lab.ts';

engineContract('SQLite in WAL mode', () => sqliteLab('WAL'));
