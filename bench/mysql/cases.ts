import type { Case } from '../suite.ts';

/** How the cases call what they measure; all ready for a shell. */
export interface Commands {
  readonly cofre: string;
  /** One of the server's own programs, or mydumper's, logged in. */
  tool(name: string): string;
  url(database: string): string;
}

export function cases(commands: Commands): Case[] {
  return [...backups(commands), ...restores(commands)];
}

function backups({ cofre, tool, url }: Commands): Case[] {
  const backup = {
    before: 'rm -rf out out.sql.zst out.mydumper',
    cofre: `${cofre} backup --url ${url('bench')} --store ./out`,
    name: 'backup',
  };
  return [
    {
      ...backup,
      target: 0.6,
      other: `${tool('mysqldump')} --single-transaction bench | zstd -q -3 -o out.sql.zst`,
      otherName: 'mysqldump --single-transaction | zstd -3',
    },
    {
      ...backup,
      target: 1,
      other: `${tool('mydumper')} -t 2 -c -B bench -o out.mydumper`,
      otherName: 'mydumper -t 2 -c',
    },
  ];
}

function restores({ cofre, tool, url }: Commands): Case[] {
  const restore = {
    before: `${tool('mysql')} -e 'DROP DATABASE IF EXISTS target; CREATE DATABASE target'`,
    cofre: `${cofre} restore made/bench/db_backup_*.zst --no-safety-backup --yes --to ${url('target')}`,
    name: 'restore',
  };
  return [
    {
      ...restore,
      target: 0.6,
      other: `zstd -q -dc made/plain.sql.zst | ${tool('mysql')} target`,
      otherName: 'zstd -dc | mysql',
    },
    {
      ...restore,
      target: 1,
      other: `${tool('myloader')} -t 2 -d made/mydumper -B target`,
      otherName: 'myloader -t 2',
    },
  ];
}
