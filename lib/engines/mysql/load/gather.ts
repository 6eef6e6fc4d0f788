import type { Insert } from '../script/insert.ts';
import type { Statement } from '../script/items.ts';
import type { Batch } from './batch.ts';

/** Bytes of INSERTs that go to one session at a time, in one transaction. */
const FULL = 2 * 1024 * 1024;

/** Puts the INSERTs of a plain script together. */
export interface Gathering {
  /** Copies the statement. Gives what was gathered before, where this one belongs to another table or it is enough. */
  take(statement: Statement, insert: Insert): Batch | undefined;
  /** What has not been given yet. */
  rest(): Batch | undefined;
}

export function gathering(): Gathering {
  let table = '';
  let statements: Buffer[] = [];
  let size = 0;

  function rest(): Batch | undefined {
    if (statements.length === 0) return undefined;
    const batch: Batch = { kind: 'rows', table, statements, size, rows: undefined, release: () => {} };
    [statements, size] = [[], 0];
    return batch;
  }

  return {
    rest,
    take: ({ bytes }, insert) => {
      const ready = insert.table !== table || size >= FULL ? rest() : undefined;
      table = insert.table;
      statements.push(Buffer.from(bytes));
      size += bytes.length;
      return ready;
    },
  };
}
