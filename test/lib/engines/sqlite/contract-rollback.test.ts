import { engineContract } from '../../../contracts/engine.ts';
import { sqliteLab } from '../../../support/sqlite-lab.ts';

engineContract('SQLite in rollback-journal mode', () => sqliteLab('DELETE'));
