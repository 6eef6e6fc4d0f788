import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { makeSampleDatabase } from '../infra/local/sample.ts';
import type { BedOptions, Case, Suite } from './suite.ts';

/** Tickets that make a GiB of database with their comments, measured. */
const TICKETS_PER_GIB = 433_000;

/** SQLite against its own shell and zstd, same file, same folder. */
export const sqlite: Suite = {
  title: 'SQLite',
  open: async (options) => {
    const versions = `SQLite shell ${version('sqlite3', ['--version']).split(' ')[0]}, ${/v[\d.]+/.exec(version('zstd', ['--version']))?.[0]} of zstd`;
    const database = makeDatabase(options);
    const own = `${options.cofre} backup --url sqlite:./${database} --database bench --store ./made`;
    return {
      versions,
      prepare: `rm -rf made && ${own} && zstd -q -3 ${database} -o made/plain.zst`,
      cases: cases(options.cofre, database),
      [Symbol.asyncDispose]: async () => {},
    };
  },
};

function makeDatabase({ folder, gib }: BedOptions): string {
  const name = `helpdesk-${gib}-gib.sqlite3`;
  const tickets = Math.round(gib * TICKETS_PER_GIB);
  const size = { users: Math.ceil(tickets / 24), tickets, commentsPerTicket: 4 };
  if (makeSampleDatabase(join(folder, name), size)) {
    console.log(`Made ${name}: ${(statSync(join(folder, name)).size / 1024 ** 3).toFixed(2)} GiB`);
  }
  return name;
}

function cases(cofre: string, database: string): Case[] {
  const restore = `${cofre} restore made/bench/db_backup_*.zst --no-safety-backup --yes`;
  const other = 'zstd -q -d -f made/plain.zst -o plain.tmp';
  return [
    {
      name: 'backup',
      target: 0.9,
      before: 'rm -rf out out.tmp out.tmp.zst',
      cofre: `${cofre} backup --url sqlite:./${database} --database bench --store ./out`,
      other: `sqlite3 ${database} ".backup out.tmp" && zstd -q -3 --rm out.tmp`,
      otherName: 'sqlite3 .backup && zstd -3',
    },
    {
      name: 'restore to a new file',
      target: 1,
      before: 'rm -f new.sqlite3 plain.tmp',
      cofre: `${restore} --to sqlite:./new.sqlite3`,
      other: `${other} && sqlite3 new.sqlite3 ".restore plain.tmp" && rm plain.tmp`,
      otherName: 'zstd -d && sqlite3 .restore',
    },
    {
      name: 'restore over a database',
      target: 1,
      before: `rm -f plain.tmp && cp ${database} old.sqlite3 && sync old.sqlite3`,
      cofre: `${restore} --to sqlite:./old.sqlite3`,
      other: `${other} && sqlite3 old.sqlite3 ".restore plain.tmp" && rm plain.tmp`,
      otherName: 'zstd -d && sqlite3 .restore',
    },
  ];
}

function version(command: string, args: string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8' }).split('\n')[0]!.trim();
  } catch {
    throw new Error(
      `The benchmark compares with ${command}: install it (Debian: apt-get install sqlite3 zstd).`,
    );
  }
}
