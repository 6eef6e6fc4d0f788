import { expectPlantedFoundOn } from '../support/mysql/planted.ts';

expectPlantedFoundOn('mariadb');
