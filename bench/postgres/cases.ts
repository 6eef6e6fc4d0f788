import type { Case } from '../suite.ts';

/** How the cases call what they measure; all ready for a shell. */
export interface Commands {
  readonly cofre: string;
  tool(name: string): string;
  url(database: string): string;
}

export function cases(commands: Commands): Case[] {
  return [...backups(commands), ...restores(commands)];
}

function backups({ cofre, tool, url }: Commands): Case[] {
  const backup = {
    before: 'rm -rf out out.sql.zst out.dump',
    cofre: `${cofre} backup --url ${url('bench')} --store ./out`,
  };
  return [
    {
      ...backup,
      name: 'backup',
      target: 0.6,
      other: `${tool('pg_dump')} -d ${url('bench')} | zstd -q -3 -o out.sql.zst`,
      otherName: 'pg_dump | zstd -3',
    },
    {
      ...backup,
      name: 'backup',
      target: 0.3,
      other: `${tool('pg_dump')} -Fc -d ${url('bench')} -f out.dump`,
      otherName: 'pg_dump -Fc',
    },
  ];
}

function restores({ cofre, tool, url }: Commands): Case[] {
  const restore = `${cofre} restore made/bench/db_backup_*.zst --no-safety-backup --yes --to ${url('target')}`;
  const sql = (statement: string) => `${tool('psql')} -qX -d ${url('postgres')} -c '${statement}'`;
  const before = `${sql('DROP DATABASE IF EXISTS target')} && ${sql('CREATE DATABASE target')} && ${sql('CHECKPOINT')}`;
  return [
    {
      name: 'restore, one transaction',
      target: 0.95,
      before,
      cofre: restore,
      other: `zstd -q -dc made/plain.sql.zst | ${tool('psql')} -qX -1 -v ON_ERROR_STOP=1 -o /dev/null -d ${url('target')}`,
      otherName: 'zstd -dc | psql -1',
    },
    {
      name: 'restore, swap',
      target: 0.9,
      before: `${before} && ${dropKept(sql, tool, url)}`,
      cofre: `${restore} --mode swap --jobs 2`,
      other: `${tool('pg_restore')} -j2 -d ${url('target')} made/custom.dump`,
      otherName: 'pg_restore -j2',
    },
  ];
}

/** What swaps keep would fill the disk. */
function dropKept(sql: (statement: string) => string, tool: Commands['tool'], url: Commands['url']): string {
  const names = `${tool('psql')} -qXAt -d ${url('postgres')} -c "SELECT datname FROM pg_database WHERE datname LIKE 'target_%'"`;
  return `for name in $(${names}); do ${sql('DROP DATABASE "\'$name\'"')}; done`;
}
