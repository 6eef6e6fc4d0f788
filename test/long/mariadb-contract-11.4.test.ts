import { engineContract } from '../contracts/engine.ts';
import { mysqlLab } from '../support/mysql/lab.ts';

engineContract('MariaDB 11.4', () => mysqlLab('mariadb-11.4'));
