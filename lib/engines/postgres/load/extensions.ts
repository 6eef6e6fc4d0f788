import { CofreError } from '../../../errors.ts';
import type { Statement } from '../script/items.ts';
import { nameOf, type Token, tokensOf } from '../script/tokens.ts';
import type { PgSession } from '../wire/connect.ts';

/** An extension that a dump makes, and the schema that it names for it. */
export interface DumpedExtension {
  readonly name: string;
  readonly schema: string | undefined;
}

/** The extensions that the statements make. */
export function extensionsIn(statements: readonly Statement[]): DumpedExtension[] {
  return statements
    .filter(({ bytes }) => /^CREATE\s+EXTENSION\b/i.test(bytes.toString('latin1', 0, 40)))
    .flatMap(({ text }) => extensionIn(text) ?? []);
}

/** `undefined` where the statement ends before a name. */
function extensionIn(text: string): DumpedExtension | undefined {
  const tokens = tokensOf(text, 20);
  const isWord = (token: Token | undefined, word: string) => token?.kind === 'word' && token.text === word;
  const name = tokens[isWord(tokens[2], 'IF') ? 5 : 2];
  const schema = tokens.find((_, n) => isWord(tokens[n - 1], 'SCHEMA'));
  return name && { name: nameOf(name), schema: schema && nameOf(schema) };
}

/** @throws {CofreError} `RESTORE_REFUSED` naming all that the server does not have. */
export async function requireAvailable(
  { client }: PgSession,
  extensions: readonly DumpedExtension[],
): Promise<void> {
  if (extensions.length === 0) return;
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM pg_catalog.pg_available_extensions',
  );
  const available = new Set(rows.map(({ name }) => name));
  const missing = extensions.filter(({ name }) => !available.has(name)).map(({ name }) => name);
  if (missing.length === 0) return;
  throw new CofreError(
    'RESTORE_REFUSED',
    `The server does not have extensions that the backup needs: ${missing.join(', ')}.`,
    { hint: 'Nothing was changed. Install them on the server (packages, or its provider), then try again.' },
  );
}
