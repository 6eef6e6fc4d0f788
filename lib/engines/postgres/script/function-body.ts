/** Follows `BEGIN ATOMIC … END` in the body of a SQL-standard function, whose semicolons end no statement. */
export interface FunctionBody {
  /** Takes the next unquoted word of the statement. */
  word(bytes: Buffer, from: number, to: number, parentheses: number): void;
  readonly open: boolean;
  reset(): void;
}

const HEAD = /^(?:CREATE|OR|REPLACE|FUNCTION|PROCEDURE)$/;
const ROUTINE = /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE) /;

/**
 * psql's own heuristic (psqlscan.l, rule `identifier`): in a statement whose first unquoted words are CREATE [OR
 * REPLACE] FUNCTION or PROCEDURE, BEGIN opens, CASE opens within, END closes; nothing counts within parentheses.
 */
export function functionBody(): FunctionBody {
  let [head, words, isRoutine, depth] = ['', 0, false, 0];

  function learn(text: string): void {
    words += 1;
    head += HEAD.test(text) ? `${text} ` : '? ';
    isRoutine = ROUTINE.test(head);
  }

  function follow(text: string): void {
    if (text === 'BEGIN' || (text === 'CASE' && depth > 0)) depth += 1;
    else if (text === 'END' && depth > 0) depth -= 1;
  }

  return {
    word: (bytes, from, to, parentheses) => {
      if (words >= 4 && !isRoutine) return;
      const text = to - from <= 9 ? bytes.toString('latin1', from, to).toUpperCase() : '';
      if (words < 4) learn(text);
      if (isRoutine && parentheses === 0) follow(text);
    },
    get open() {
      return depth > 0;
    },
    reset: () => {
      [head, words, isRoutine, depth] = ['', 0, false, 0];
    },
  };
}
