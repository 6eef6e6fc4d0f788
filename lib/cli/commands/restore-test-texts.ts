import type { Difference, Explanation, RowSum } from '../../restore-test.ts';
import type { RestoreTestReport } from '../../tasks/restore-test.ts';
import { formatCount, formatSeconds } from '../output.ts';

const VERDICTS: Readonly<Record<RestoreTestReport['result'], string>> = {
  equal: 'everything came back equal',
  explained: 'everything came back, but for what the server itself makes',
  different: 'it came back CHANGED',
};

export function describeRestoreTest(report: RestoreTestReport): string {
  const { id, server, serverVersion, seconds, objects, tables, rows, result } = report;
  const lines = [
    `Restored ${id} into a scratch database on ${server} (${serverVersion}), in ${formatSeconds(seconds)}: ${VERDICTS[result]}.`,
    `  compared ${formatCount(objects)} definitions, ${formatCount(rows)} rows in ${formatCount(tables)} tables`,
    ...report.differences.map(describeDifference),
    ...more(report),
    ...report.warnings.map((warning) => `  warning ${warning}`),
  ];
  return lines.join('\n');
}

function describeDifference({ kind, object, was, is, explained }: Difference): string {
  const why = explained === null ? 'different' : `explained (${REASONS[explained]})`;
  return [`  ${why}: ${kind} ${object}`, `    was ${side(was)}`, `    is  ${side(is)}`].join('\n');
}

const REASONS: Readonly<Record<Explanation, string>> = {
  'server-version': 'the words of another version of the server',
  definer: 'who restored may not set the definer',
  'missing-role': 'a role that this server does not have',
  'kept-by-target': 'it belongs to the database that is restored into',
};

function side(value: string | RowSum | null): string {
  if (value === null) return 'not there';
  if (typeof value !== 'string') return `${formatCount(value.rows)} rows, sum ${value.sum}`;
  return value.trim().replaceAll(/\s*\n\s*/g, '\n        ');
}

function more({ differences, different, explained }: RestoreTestReport): string[] {
  const rest = different + explained - differences.length;
  return rest > 0 ? [`  and ${formatCount(rest)} more`] : [];
}
