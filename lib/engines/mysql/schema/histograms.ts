import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';

interface Histogram {
  readonly table: string;
  readonly column: string;
  readonly buckets: string;
  readonly auto: string | null;
}

/** MySQL keeps them as JSON (manual, "The INFORMATION_SCHEMA COLUMN_STATISTICS Table"). */
const HISTOGRAMS = `
  SELECT TABLE_NAME AS \`table\`, COLUMN_NAME AS \`column\`,
    JSON_UNQUOTE(JSON_EXTRACT(HISTOGRAM, '$."number-of-buckets-specified"')) AS buckets,
    JSON_UNQUOTE(JSON_EXTRACT(HISTOGRAM, '$."auto-update"')) AS auto
  FROM information_schema.COLUMN_STATISTICS WHERE SCHEMA_NAME = DATABASE() ORDER BY 1, 2`;

/** What the optimizer was told of the spread of values: counted anew, as with mysqldump. */
export async function histogramTexts(session: MysqlSession): Promise<string> {
  if (session.server.flavor !== 'mysql') return '';
  const histograms = await session.query<Histogram>(HISTOGRAMS);
  const lines = histograms.map(({ table, column, buckets, auto }) => {
    const update = auto === 'true' ? ' AUTO UPDATE' : '';
    return `/*!80002 ANALYZE TABLE ${quoteIdent(table)} UPDATE HISTOGRAM ON ${quoteIdent(column)} WITH ${buckets} BUCKETS${update} */;\n`;
  });
  return lines.length > 0 ? `-- Histograms\n${lines.join('')}\n` : '';
}
