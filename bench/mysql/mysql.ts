import { globSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackedServer } from '../../test/servers/mysql/packages.ts';
import { type Flavor, type MysqlServer, PASSWORD, startMysql } from '../../test/servers/mysql/server.ts';
import type { Bed, BedOptions, Suite } from '../suite.ts';
import { type Commands, cases } from './cases.ts';

/** Tickets that make a GiB of tables with their comments and events, measured. */
const TICKETS_PER_GIB = 410_000;

const NAMES = { mysql: 'MySQL', mariadb: 'MariaDB' };

/** One memory for both, and no waiting for the disk, whose moods would be measured. */
const SETTINGS = { 'innodb-buffer-pool-size': '2G', 'innodb-flush-method': 'nosync' };
const LOG = {
  mysql: { 'innodb-redo-log-capacity': '2G' },
  mariadb: { 'innodb-log-file-size': '2G' },
};

/** A server against its own tools and mydumper's: one server, one database, the same local store. */
export function mysqlSuite(flavor: Flavor): Suite {
  return {
    title: NAMES[flavor],
    open: async (options) => {
      const opened = new AsyncDisposableStack();
      const settings = { ...SETTINGS, ...LOG[flavor] };
      const server = await startMysql(flavor, { settings, folder: tmpdir() });
      opened.defer(() => server.stop());
      await server.createDatabase('bench', 'CHARACTER SET utf8mb4');
      await server.sql('bench', helpdesk(options));
      const size = await server.sql(
        'bench',
        'SELECT SUM(DATA_LENGTH + INDEX_LENGTH) / POW(1024, 3) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()',
      );
      console.log(`Made a database of ${Number(size).toFixed(2)} GiB`);
      return bed(await commandsFor(server, options), server, opened);
    },
  };
}

async function commandsFor(server: MysqlServer, { cofre }: BedOptions): Promise<Commands> {
  const { bin, usr } = await unpackedServer('mariadb');
  const login = `-h 127.0.0.1 -P ${server.port} -u root`;
  const plain = server.flavor === 'mysql' ? '--ssl-mode=DISABLED --get-server-public-key' : '--skip-ssl';
  const own = (name: string) =>
    `MYSQL_PWD='${PASSWORD}' '${join(server.tools.bin, name)}' --no-defaults ${login} ${plain}`;
  // mydumper takes no password but in ASCII, and has to be told where its library keeps the newer ways to log in.
  await server.createUser('bench', ['ALL ON *.*'], "BY 'bench'");
  const [plugins] = globSync(join(usr, 'lib/*/libmariadb3/plugin'));
  const mydumpers = (name: string) =>
    `MARIADB_PLUGIN_DIR='${plugins}' '${join(bin, name)}' ${login.replace('root', 'bench')} -p bench`;
  return {
    cofre,
    tool: (name) => (name.startsWith('my') && /dumper|loader/.test(name) ? mydumpers(name) : own(name)),
    // The tools of the comparison speak no TLS.
    url: (database) => `'${server.url(database)}?sslmode=disable'`,
  };
}

function bed(commands: Commands, { flavor }: MysqlServer, opened: AsyncDisposableStack): Bed {
  const { cofre, tool, url } = commands;
  return {
    versions: `${NAMES[flavor]}, its own tools, mydumper 0.10, on the same machine`,
    cases: cases(commands),
    prepare: [
      `rm -rf made && ${cofre} backup --url ${url('bench')} --store ./made`,
      `${tool('mysqldump')} --single-transaction bench | zstd -q -3 -o made/plain.sql.zst`,
      `${tool('mydumper')} -t 2 -c -B bench -o made/mydumper`,
    ].join(' && '),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function helpdesk({ gib }: BedOptions): string {
  const sql = readFileSync(join(import.meta.dirname, 'helpdesk.sql'), 'utf8');
  return sql.replaceAll(':tickets', String(Math.round(gib * TICKETS_PER_GIB)));
}
