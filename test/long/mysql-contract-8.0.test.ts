import { engineContract } from '../contracts/engine.ts';
import { mysqlLab } from '../support/mysql/lab.ts';

engineContract('MySQL 8.0.31', () => mysqlLab('mysql-8.0.31'));
