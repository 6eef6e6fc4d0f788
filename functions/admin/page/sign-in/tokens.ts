import { settings } from './settings.ts';

const KEY = 'cofre.tokens';

/** As the issuer gives them (RFC 6749, 5.1). */
export interface Tokens {
  readonly access_token: string;
  readonly refresh_token?: string;
  /** When it is time to renew the access token, ms since 1970. */
  readonly until: number;
}

let tokens: Tokens | null = settings && JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
const listeners = new Set<(signedIn: boolean) => void>();

export const current = () => tokens;

/** Keeps the tokens for as long as the tab lives, over reloads; `null` forgets them. */
export function keep(next: Tokens | null): void {
  tokens = next;
  if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
  else sessionStorage.removeItem(KEY);
  for (const listener of listeners) listener(next !== null);
}

export function onChange(listener: (signedIn: boolean) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
