import type { Client } from 'pg';

/** Bytes of SQL sent at once. */
const BYTES = 256 * 1024;

/** Runs statements, which have no semicolon yet, in few round trips. */
export async function runSql(client: Client, statements: readonly string[]): Promise<void> {
  let batch = '';
  for (const statement of statements) {
    batch += `${statement};\n`;
    if (batch.length < BYTES) continue;
    await client.query(batch);
    batch = '';
  }
  if (batch) await client.query(batch);
}

/** The items in groups of at most `size`. */
export function groupsOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  );
}
