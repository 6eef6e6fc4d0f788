/** Two commands that do the same job; `before` runs, untimed, ahead of each. Paths count from the bench folder. */
export interface Case {
  readonly name: string;
  readonly target: number;
  readonly cofre: string;
  readonly other: string;
  readonly otherName: string;
  readonly before: string;
}

export interface CaseOptions {
  /** The command line of Cofre, ready to take arguments. */
  readonly cofre: string;
  /** The database file. */
  readonly database: string;
}

/** The cases of issue "first light": SQLite against its own shell and zstd, same file, same folder. */
export function cases({ cofre, database }: CaseOptions): Case[] {
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

/** What the restores read. */
export function prepare({ cofre, database }: CaseOptions): string {
  const own = `${cofre} backup --url sqlite:./${database} --database bench --store ./made`;
  return `rm -rf made && ${own} && zstd -q -3 ${database} -o made/plain.zst`;
}
