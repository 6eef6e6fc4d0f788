import { engineContract } from '../contracts/engine.ts';
import { mysqlLab } from '../support/mysql/lab.ts';

engineContract('MariaDB', () => mysqlLab('mariadb'));
