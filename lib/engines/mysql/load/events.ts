import type { Statement } from '../script/items.ts';
import { targetOf } from '../script/target.ts';
import { type Token, tokensOf } from '../script/tokens.ts';

/** An event that is to be made, and must not run before all is in place. */
export interface PlannedEvent {
  /** As UTF-8 has it. */
  readonly name: string;
  /** `ENABLE`, `DISABLE`, `DISABLE ON SLAVE`, `DISABLE ON REPLICA`. */
  readonly status: string;
  /** The same statement, disabled. */
  readonly disabled: Statement;
}

/**
 * The status under which an event does not run, though it can be told from one that was disabled. What replicas do not
 * run cannot be told from what is enabled any more. `REPLICA` would be the word since 8.0.22, but all know this one.
 */
export function inertStatus(status: string): string {
  return status === 'ENABLE' ? 'DISABLE ON SLAVE' : status;
}

/** What `inertStatus` was given, but for an event that replicas do not run, which counts as enabled. */
export function activeStatus(status: string): string {
  return status === 'DISABLE' ? status : 'ENABLE';
}

const MOST = 400;

/** `undefined` for a statement that makes no event. */
export function eventOf(statement: Statement): PlannedEvent | undefined {
  const text = statement.head;
  if (!/^\W*(?:\d+\s+)?create\b/i.test(text)) return undefined;
  const tokens = tokensOf(text, MOST);
  const event = tokens.slice(0, 20).findIndex((token) => isWord(token, 'EVENT'));
  const body = tokens.findIndex((token, n) => n > event && isWord(token, 'DO'));
  if (event < 0 || body < 0) return undefined;
  const target = targetOf(tokens, text);
  return (
    target && {
      name: Buffer.from(target.name, 'latin1').toString(),
      ...changed(statement, tokens, body, 'DISABLE'),
    }
  );
}

/** The statement with another status. */
export function withStatus(statement: Statement, status: string): Statement {
  const tokens = tokensOf(statement.head, MOST);
  const body = tokens.findIndex((token) => isWord(token, 'DO'));
  return body < 0 ? statement : changed(statement, tokens, body, status).disabled;
}

/** `[ENABLE | DISABLE [ON SLAVE | ON REPLICA]] [COMMENT 'text'] DO` (manual, "CREATE EVENT Statement"). */
function changed(statement: Statement, tokens: readonly Token[], body: number, status: string) {
  const comment = isWord(tokens[body - 2], 'COMMENT') ? body - 2 : body;
  const long =
    isWord(tokens[comment - 2], 'ON') && /^(?:SLAVE|REPLICA)$/.test(tokens[comment - 1]?.text ?? '');
  const at = long ? comment - 3 : comment - 1;
  const given = /^(?:ENABLE|DISABLE)$/.test(tokens[at]?.text ?? '') ? tokens.slice(at, comment) : [];
  const text = statement.latin1;
  const from = tokens[comment - given.length]?.from ?? text.length;
  const to = given.at(-1)?.to ?? from;
  return {
    status: given.map((token) => token.text).join(' ') || 'ENABLE',
    disabled: statement.with(
      `${text.slice(0, from)}${status}${given.length > 0 ? '' : ' '}${text.slice(to)}`,
    ),
  };
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text === word;
}
