import { join } from 'node:path';
import type { Packages } from '../packages/unpacked.ts';

/** All servers that tests can start; `docs/servers.md` tells which tests do. */
export type PostgresVersion = PackagedMajor | 19 | 'debian-15' | '18-extensions';

/** The ones of `package.json`. */
export const PACKAGED_MAJORS = [14, 15, 16, 17, 18] as const;

export type PackagedMajor = (typeof PACKAGED_MAJORS)[number];

export function majorOf(version: PostgresVersion): number {
  return typeof version === 'number' ? version : { 'debian-15': 15, '18-extensions': 18 }[version];
}

/** What the packages ask for and the programs run without: Perl, Python and what makes a server of a whole machine. */
const WITHOUT = [
  ...[
    'adduser',
    'debconf',
    'init-system-helpers',
    'locales',
    'netbase',
    'perl',
    'perl-base',
    'ssl-cert',
    'tzdata',
    'ucf',
  ],
  ...['postgresql-client-common', 'postgresql-common', 'pgqd', 'python3', 'python3-psycopg2'],
  ...['dirmngr', 'fontconfig-config', 'gdal-plugins', 'gnupg', 'gpgconf', 'media-types'],
];

const PROGRAMS = ['initdb', 'postgres', 'psql', 'pg_dump', 'pg_restore'];

/** What its package makes of it by update-alternatives(1). */
const POSTGIS = Object.fromEntries(
  ['postgis', 'postgis_raster', 'postgis_topology'].map((extension) => [
    `usr/share/postgresql/18/extension/${extension}.control`,
    `${extension}-3.control`,
  ]),
);

/** Servers that only Debian has. */
export const UNPACKED: Readonly<Record<19 | '18-extensions', Packages>> = {
  /** In `experimental` while it is new; of two versions the newer one. */
  19: {
    suite: 'sid',
    newer: { suite: 'experimental', debian: ['postgresql-19', 'postgresql-client-19', 'libpq5'] },
    debian: ['postgresql-19', 'postgresql-client-19'],
    without: WITHOUT,
    added: sampleExtension(19),
    programs: programsOf(19),
  },
  '18-extensions': {
    suite: 'sid',
    debian: [
      ...['postgresql-18', 'postgresql-client-18'],
      ...['cron', 'partman', 'pgq3', 'pgvector', 'postgis-3', 'postgis-3-scripts', 'timescaledb'].map(
        (extension) => `postgresql-18-${extension}`,
      ),
    ],
    without: WITHOUT,
    added: sampleExtension(18),
    links: POSTGIS,
    programs: programsOf(18),
  },
};

export function binOf(major: number): string {
  return `usr/lib/postgresql/${major}/bin`;
}

function programsOf(major: number): Record<string, string> {
  return Object.fromEntries(PROGRAMS.map((name) => [name, `${binOf(major)}/${name}`]));
}

/** An extension of our own, which the samples have. */
function sampleExtension(major: number) {
  return { from: join(import.meta.dirname, 'extension'), to: `usr/share/postgresql/${major}/extension` };
}
