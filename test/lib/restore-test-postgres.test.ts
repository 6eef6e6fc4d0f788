import { afterAll, beforeAll } from 'vitest';
import { databaseFromUrl } from '../../lib/cofre.ts';
import { type PostgresServer, startPostgres } from '../servers/postgres/server.ts';
import { backUp, EXTRAS, expectPlantedFound, type Plant, type PlantedLab } from '../support/planted.ts';
import { loadSample } from '../support/postgres/samples.ts';
import { makeWorkspace } from '../support/workspace.ts';

const workspace = makeWorkspace();
let server: PostgresServer;
let lab: PlantedLab;

const OWN = `
  CREATE ROLE extras_reader; GRANT SELECT ON extras TO extras_reader;
  CREATE SEQUENCE extras_numbers; SELECT setval('extras_numbers', 41);
  SELECT lo_from_bytea(4711, 'a large object');`;

const PLANTS: readonly Plant[] = [
  {
    what: 'a changed byte',
    sql: "UPDATE artist SET name = 'AC/dC' WHERE artist_id = 1",
    found: ['ROWS public.artist'],
  },
  {
    what: 'a lost row',
    sql: 'DELETE FROM extras WHERE n = 1',
    found: ['ROWS public.extras'],
  },
  { what: 'a row twice', sql: "INSERT INTO extras VALUES (1, 'a')", found: ['ROWS public.extras'] },
  { what: 'a lost index', sql: 'DROP INDEX extras_by_n', found: ['INDEX public.extras_by_n'] },
  {
    what: 'a changed default',
    sql: "ALTER TABLE extras ALTER t SET DEFAULT 'is'",
    found: ['TABLE public.extras'],
  },
  { what: 'a view left out', sql: 'DROP VIEW extras_seen', found: ['VIEW public.extras_seen'] },
  {
    what: 'a privilege missing',
    sql: 'REVOKE SELECT ON extras FROM extras_reader',
    found: ['ACL TABLE public.extras'],
  },
  {
    what: 'a sequence behind',
    sql: "SELECT setval('extras_numbers', 40)",
    found: ['SEQUENCE SET public.extras_numbers'],
  },
  {
    what: 'a foreign key renamed',
    sql: 'ALTER TABLE album RENAME CONSTRAINT album_artist_id_fkey TO other',
    found: ['FK CONSTRAINT public.album album_artist_id_fkey', 'FK CONSTRAINT public.album other'],
  },
  {
    what: 'a changed large object',
    sql: "SELECT lo_put(4711, 2, 'L')",
    found: ['LARGE OBJECTS all'],
  },
];

beforeAll(async () => {
  server = await startPostgres(18);
  const url = await loadSample(server, 'chinook');
  await server.sql(new URL(url).pathname.slice(1), `${EXTRAS}${OWN}`);
  const cofre = workspace.open();
  const database = databaseFromUrl(url, 'shop');
  lab = {
    cofre,
    database,
    id: await backUp(cofre, database),
    plant: async (scratch, sql) => void (await server.sql(new URL(scratch).pathname.slice(1), sql)),
    leftovers: async () => {
      const made = await server.sql('postgres', "SELECT datname FROM pg_database WHERE datname ~ '^cofre_'");
      return made.split('\n').filter(Boolean);
    },
  };
});
afterAll(async () => {
  await server?.stop();
  workspace.remove();
});

expectPlantedFound(() => lab, PLANTS);
