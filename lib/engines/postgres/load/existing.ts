import { nameOf, type Token, tokensOf } from '../script/tokens.ts';
import type { Surroundings } from './server.ts';

/** What a dump says of things outside of it, which the target may lack, or have already. */
export interface Existing {
  allows(text: string): boolean;
  warnings(): string[];
}

/** First version that knows a setting which pg_dump sets in the head of every dump. */
const SETTINGS: Readonly<Record<string, number>> = { TRANSACTION_TIMEOUT: 170_000 };

export function existingOnes({ versionNum, tablespaces, kept }: Surroundings): Existing {
  const missing = new Set<string>();

  function allowsSetting([, name, , value]: readonly Token[], text: string): boolean {
    if ((SETTINGS[name?.text ?? ''] ?? 0) > versionNum) return false;
    if (name?.text !== 'DEFAULT_TABLESPACE' || !value) return true;
    const tablespace = value.kind === 'other' ? text.slice(value.from + 1, value.to - 1) : nameOf(value);
    if (tablespace === '' || tablespaces.has(tablespace)) return true;
    missing.add(tablespace);
    return false;
  }

  return {
    allows: (text) => {
      const tokens = tokensOf(text.slice(0, 400), 6);
      const words = tokens.map((token) => token.text);
      const [verb, kind, name] = words;
      if (verb === 'SET') return allowsSetting(tokens, text);
      if (verb === 'CREATE' && kind === 'SCHEMA' && tokens[2]) return !kept.schemas.has(nameOf(tokens[2]));
      if (verb !== 'COMMENT' || name !== 'EXTENSION' || !tokens[3]) return true;
      return !kept.foreignExtensions.has(nameOf(tokens[3]));
    },
    warnings: () =>
      missing.size === 0
        ? []
        : [`Tablespaces that this server does not have were left out: ${[...missing].sort().join(', ')}.`],
  };
}
