import { afterAll, beforeAll } from 'vitest';
import { databaseFromUrl } from '../../../lib/cofre.ts';
import { type Flavor, type MysqlServer, startMysql } from '../../servers/mysql/server.ts';
import { backUp, EXTRAS, expectPlantedFound, type Plant, type PlantedLab } from '../planted.ts';
import { makeWorkspace } from '../workspace.ts';
import { loadSample } from './samples.ts';

const OWN = `
  CREATE TABLE counted (id INT PRIMARY KEY AUTO_INCREMENT) AUTO_INCREMENT = 41;
  CREATE EVENT extras_daily ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' DO DELETE FROM extras;
  CREATE EVENT extras_never ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' DISABLE DO DELETE FROM extras;`;

const PLANTS: readonly Plant[] = [
  {
    what: 'a changed byte',
    sql: "UPDATE Artist SET Name = 'AC/dC' WHERE ArtistId = 1",
    found: ['ROWS Artist'],
  },
  { what: 'a lost row', sql: 'DELETE FROM extras WHERE n = 1', found: ['ROWS extras'] },
  { what: 'a row twice', sql: "INSERT INTO extras VALUES (1, 'a')", found: ['ROWS extras'] },
  { what: 'a lost index', sql: 'DROP INDEX extras_by_n ON extras', found: ['INDEX extras.extras_by_n'] },
  {
    what: 'a changed default',
    sql: "ALTER TABLE extras ALTER t SET DEFAULT 'is'",
    found: ['TABLE extras'],
  },
  { what: 'a view left out', sql: 'DROP VIEW extras_seen', found: ['VIEW extras_seen'] },
  {
    what: 'other rights of a view',
    sql: 'ALTER SQL SECURITY INVOKER VIEW extras_seen AS SELECT n FROM extras',
    found: ['VIEW extras_seen'],
  },
  {
    what: 'a sequence behind',
    sql: 'ALTER TABLE counted AUTO_INCREMENT = 40',
    found: ['AUTO_INCREMENT counted'],
  },
  {
    what: 'a foreign key renamed',
    sql: 'ALTER TABLE Album DROP FOREIGN KEY FK_AlbumArtistId, ADD CONSTRAINT other FOREIGN KEY (ArtistId) REFERENCES Artist (ArtistId) ON DELETE NO ACTION ON UPDATE NO ACTION',
    found: ['FOREIGN KEY Album.FK_AlbumArtistId', 'FOREIGN KEY Album.other'],
  },
  {
    what: 'an event that would not run any more',
    sql: 'ALTER EVENT extras_daily DISABLE',
    found: ['EVENT extras_daily'],
  },
];

/** Chinook and some more on a server of its own, as a file of tests. */
export function expectPlantedFoundOn(flavor: Flavor): void {
  const workspace = makeWorkspace();
  let server: MysqlServer;
  let lab: PlantedLab;

  beforeAll(async () => {
    server = await startMysql(flavor);
    const url = await loadSample(server, 'chinook');
    await server.tools.run(url, `${EXTRAS}${OWN}`);
    const cofre = workspace.open();
    const database = databaseFromUrl(url, 'shop');
    lab = {
      cofre,
      database,
      id: await backUp(cofre, database),
      plant: async (scratch, sql) => void (await server.tools.run(scratch, sql)),
      leftovers: async () => {
        const made = await server.sql('', "SHOW DATABASES LIKE 'cofre\\_%'");
        return made.split('\n').filter(Boolean);
      },
    };
  });
  afterAll(async () => {
    await server?.stop();
    workspace.remove();
  });

  expectPlantedFound(() => lab, PLANTS);
}
