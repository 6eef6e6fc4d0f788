import { topLevel } from './top-level.ts';

/**
 * The text with each statement as `change` gives it back; where that is empty, its line goes, too.
 * @param escapes as in `topLevel`
 */
export function rewriteStatements(
  text: string,
  escapes: boolean,
  change: (statement: string) => string,
): string {
  let kept = '';
  let from = 0;
  for (const { kind, start, end } of topLevel(text, escapes)) {
    if (kind !== 'statement') continue;
    const statement = text.slice(start, end);
    const changed = change(statement);
    if (changed === statement) continue;
    kept += text.slice(from, start) + changed;
    from = changed === '' && text[end] === '\n' ? end + 1 : end;
  }
  return kept + text.slice(from);
}
