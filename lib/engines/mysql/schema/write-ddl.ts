import type { MysqlSession } from '../connection/connect.ts';
import type { Table } from './data-catalog.ts';
import { type DatabaseFacts, databaseText } from './database.ts';
import { eventTexts } from './events.ts';
import { histogramTexts } from './histograms.ts';
import { type IsOwn, withoutOwnName } from './own-names.ts';
import { functionNames, libraryTexts, routineTexts } from './routines.ts';
import { sequenceTexts } from './sequences.ts';
import { beginOfDump, endOfDump } from './session-text.ts';
import { withoutConversion } from './show-create.ts';
import { inComment } from './stored-program.ts';
import { tableTexts } from './tables.ts';
import { triggerTexts } from './triggers.ts';
import { viewTexts } from './views.ts';

/** The structure as text: what comes before the rows, and what comes after them. */
export interface Ddl {
  readonly preData: Uint8Array;
  /** Without the end of the dump. */
  readonly postData: Uint8Array;
  readonly warnings: readonly string[];
  /** `CREATE TABLE` of each table, as the server wrote it. */
  readonly tables: ReadonlyMap<string, string>;
  /** The last lines, once rows are counted. */
  end(tables: number, rows: number): Uint8Array;
}

export async function writeDdl(
  session: MysqlSession,
  database: DatabaseFacts,
  all: readonly Table[],
): Promise<Ddl> {
  const sequences = all.filter(({ kind }) => kind === 'SEQUENCE');
  const tables = all.filter(({ kind }) => kind !== 'SEQUENCE');
  const history = tables.some(({ versioning }) => versioning?.columns !== undefined);
  const isOwn = ownNames(session.settings.database, database);
  const things = new Set(all.map(({ name }) => name));
  const texts = await tableTexts(session, tables);
  const creates = [...texts].map(
    ([name, text]) => `-- Table ${inComment(name)}\n${withoutOwnName(text, isOwn, things)};\n\n`,
  );
  const preData = [
    beginOfDump(session.server, history),
    databaseText(database),
    await sequenceTexts(session, sequences),
    ...creates,
  ];
  const histograms = await histogramTexts(session);
  const objects = await withoutConversion(session, () => writeObjects(session, database, all, isOwn));
  return {
    preData: Buffer.from(preData.join('')),
    postData: Buffer.concat([Buffer.from(histograms), Buffer.from(objects.text, 'latin1')]),
    warnings: objects.warnings,
    tables: texts,
    end: (count, rows) => Buffer.from(endOfDump(count, rows, history)),
  };
}

/** Whatever is not a table, as a text in Latin-1; see `queryRaw`. */
async function writeObjects(
  session: MysqlSession,
  { collation }: DatabaseFacts,
  all: readonly Table[],
  isOwn: IsOwn,
): Promise<{ text: string; warnings: readonly string[] }> {
  const functions = await functionNames(session);
  const libraries = await libraryTexts(session);
  const routines = await routineTexts(session, collation);
  const things = [...all.map(({ name }) => name), ...functions];
  const views = await viewTexts(session, (name) => isOwn(Buffer.from(name, 'latin1').toString()), things);
  const triggers = await triggerTexts(session, collation);
  const events = await eventTexts(session, collation);
  const text = [...libraries, ...routines, ...views.texts, ...triggers, ...events].join('');
  return { text, warnings: views.warnings };
}

function ownNames(own: string, { lowerCaseTableNames }: DatabaseFacts): IsOwn {
  if (lowerCaseTableNames === 0) return (name) => name === own;
  return (name) => name.toLowerCase() === own.toLowerCase();
}
