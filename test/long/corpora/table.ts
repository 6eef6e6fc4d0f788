import type { Difference } from '../../../lib/restore-test.ts';
import type { Outcome } from './outcome.ts';

const RESULTS = ['equal', 'explained', 'different', 'not backed up', 'not restored', 'empty'] as const;
/** Differences of one database, and characters of each of their sides, that are worth a look. */
const SHOWN = 5;
const WIDTH = 300;

/** How many databases came to which end, as Markdown. */
export function table(title: string, outcomes: readonly Outcome[]): string {
  const counts = RESULTS.map((result) => outcomes.filter((it) => it.result === result).length);
  const sum = (of: 'objects' | 'rows') => outcomes.reduce((all, it) => all + it[of], 0);
  return [
    `| server | databases | ${RESULTS.join(' | ')} | objects | rows |`,
    `|---|${'---|'.repeat(RESULTS.length + 3)}`,
    `| ${title} | ${outcomes.length} | ${counts.join(' | ')} | ${sum('objects')} | ${sum('rows')} |`,
  ].join('\n');
}

export function describeOutcome(name: string, outcome: Outcome): string {
  const { result, objects, rows, seconds, error, differences } = outcome;
  const head = `${result}: ${name}, ${objects} objects, ${rows} rows, ${seconds.toFixed(1)} s`;
  const rest = differences.slice(0, SHOWN).map(describeDifference);
  return [head, ...(error === undefined ? [] : [`  ${error}`]), ...rest].join('\n');
}

function describeDifference({ kind, object, was, is, explained }: Difference): string {
  return `  ${explained ?? 'different'}: ${kind} ${object}\n    was ${side(was)}\n    is  ${side(is)}`;
}

function side(value: Difference['was']): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .slice(0, WIDTH);
}
