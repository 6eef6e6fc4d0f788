import { nameOf, type Token, tokensOf } from '../script/tokens.ts';

/** A role that a statement names; `name` is undefined for PUBLIC, CURRENT_USER and the like, which are always there. */
export interface RoleName {
  readonly name: string | undefined;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export interface RolesIn {
  readonly about: 'owner' | 'privileges' | 'other';
  /** In their order in the text. */
  readonly roles: readonly RoleName[];
  /** Without one of them the statement makes no sense; else it may name those that are left. */
  readonly all: boolean;
}

/** A column list of the longest grant has this many tokens. */
const TOKENS = 5_000;

const OWNER = /\bOWNER\s+TO\s+(?:"(?:[^"]|"")*"|[^\s";'$]+)\s*;$/i;

/** The roles that a statement of a dump names, where it is one that pg_dump writes; `undefined` when it names none. */
export function rolesIn(text: string): RolesIn | undefined {
  const verb = /^(\w+)(?:\s+(\w+))?(?:\s+(\w+))?/.exec(text)?.slice(1, 4).join(' ').toUpperCase() ?? '';
  if (/^ALTER DEFAULT/.test(verb)) return defaultPrivileges(text);
  if (/^ALTER/.test(verb)) return OWNER.test(text) ? lastToken(text) : undefined;
  if (/^(?:GRANT|REVOKE)/.test(verb)) return grant(tokensOf(text, TOKENS), text);
  if (/^SET SESSION AUTHORIZATION/.test(verb)) return sessionAuthorization(text);
  if (/^RESET SESSION AUTHORIZATION/.test(verb)) return { about: 'owner', roles: [], all: true };
  if (/^CREATE SCHEMA/.test(verb)) return after(text, 'AUTHORIZATION', 'owner');
  if (/^CREATE USER MAPPING/.test(verb)) return after(text, 'FOR', 'other');
  if (/^CREATE POLICY/.test(verb)) return policy(text);
  return undefined;
}

/** The one before the semicolon. */
function lastToken(text: string): RolesIn | undefined {
  const name = tokensOf(text, TOKENS).at(-2);
  return name && { about: 'owner', roles: [roleOf(name, text)], all: true };
}

/** pg_dump puts it around grants that another role made; in older files it stands for owners. */
function sessionAuthorization(text: string): RolesIn | undefined {
  const name = tokensOf(text, 5).find((token, n) => n >= 3 && token.text !== '=');
  if (!name || name.text === 'DEFAULT') return { about: 'owner', roles: [], all: true };
  const literal = text.slice(name.from, name.to);
  const isQuoted = literal.startsWith("'");
  const role = isQuoted
    ? { ...roleOf(name, text), name: literal.slice(1, -1).replaceAll("''", "'") }
    : roleOf(name, text);
  return { about: 'owner', roles: [role], all: true };
}

function after(text: string, word: string, about: RolesIn['about']): RolesIn | undefined {
  const tokens = tokensOf(text, 20);
  const at = tokens.findIndex((token) => token.kind === 'word' && token.text === word);
  const name = at < 0 ? undefined : tokens[at + 1];
  return name && { about, roles: [roleOf(name, text)], all: true };
}

function defaultPrivileges(text: string): RolesIn | undefined {
  const tokens = tokensOf(text, TOKENS);
  const verb = tokens.findIndex((token) => token.kind === 'word' && /^(?:GRANT|REVOKE)$/.test(token.text));
  const granted = grant(tokens.slice(verb), text);
  const at = tokens.findIndex(
    (token, n) => n < verb && token.kind === 'word' && /^(?:ROLE|USER)$/.test(token.text),
  );
  const role = at < 0 ? undefined : tokens[at + 1];
  if (!role || !granted) return granted;
  // Without the role that it is about, or any of those that it grants to, there is nothing to say.
  return { ...granted, roles: [roleOf(role, text), ...granted.roles], all: true };
}

/** From the last TO or FROM on: a table of that name would be quoted. */
function grant(tokens: readonly Token[], text: string): RolesIn | undefined {
  const at = tokens.findLastIndex(({ kind, text }) => kind === 'word' && /^(?:TO|FROM)$/.test(text));
  return at < 0 ? undefined : { about: 'privileges', roles: listAt(tokens, at + 1, text), all: false };
}

function policy(text: string): RolesIn | undefined {
  const tokens = tokensOf(text, 200);
  const end = tokens.findIndex(({ kind, text }) => kind === 'word' && /^(?:USING|WITH)$/.test(text));
  const head = end < 0 ? tokens : tokens.slice(0, end);
  const at = head.findIndex(({ kind, text }) => kind === 'word' && text === 'TO');
  return at < 0 ? undefined : { about: 'other', roles: listAt(head, at + 1, text), all: false };
}

/** Names with commas between them. */
function listAt(tokens: readonly Token[], start: number, text: string): RoleName[] {
  const roles: RoleName[] = [];
  for (let at = start; at < tokens.length; at += 2) {
    const first = tokens[at];
    if (first?.kind === 'word' && first.text === 'GROUP') at += 1;
    const role = tokens[at];
    if (!role) break;
    roles.push(roleOf(role, text));
    if (tokens[at + 1]?.text !== ',') break;
  }
  return roles;
}

const ALWAYS = /^(?:PUBLIC|CURRENT_USER|CURRENT_ROLE|SESSION_USER|USER)$/;

function roleOf(token: Token, text: string): RoleName {
  const name = token.kind === 'word' && ALWAYS.test(token.text) ? undefined : nameOf(token);
  return { name, text: text.slice(token.from, token.to), from: token.from, to: token.to };
}
