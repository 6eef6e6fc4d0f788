import type { MysqlSession } from '../connection/connect.ts';

/** What SHOW CREATE … says, byte by byte: a text in Latin-1, whatever it means. `null` for NULL. */
export type RawRow = Readonly<Record<string, string | null>>;

/**
 * Rows of a statement as bytes. Definitions of routines and the like are in the character set of their author, and
 * pieces of them in others: converted as a whole, they would be spoilt.
 */
export function queryRaw(session: MysqlSession, sql: string): Promise<RawRow[]> {
  return session.borrow(
    (client) =>
      new Promise((resolve, reject) => {
        client.query(
          { sql, rowsAsArray: true, typeCast: (field) => field.buffer() },
          (error, rows, fields) => {
            if (error) return reject(error);
            const names = fields.map(({ name }) => name.toLowerCase());
            resolve((rows as unknown as (Buffer | null)[][]).map((row) => rawRow(names, row)));
          },
        );
      }),
  );
}

function rawRow(names: readonly string[], row: readonly (Buffer | null)[]): RawRow {
  return Object.fromEntries(names.map((name, n) => [name, row[n]?.toString('latin1') ?? null]));
}

/** A text of ours as those of `queryRaw` are. */
export function rawText(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Runs `work` while the server sends texts as they are kept. */
export async function withoutConversion<T>(session: MysqlSession, work: () => Promise<T>): Promise<T> {
  await session.run('SET character_set_results = NULL');
  try {
    return await work();
  } finally {
    await session.run('SET character_set_results = utf8mb4').catch(() => {});
  }
}
