import { createInterface } from 'node:readline/promises';
import { CofreError } from '../errors.ts';
import { requireConfirmation } from '../tasks/restore.ts';
import type { Streams } from './output.ts';

/**
 * Asks, on a terminal, for the database's name.
 * @throws {CofreError} `CONFIRMATION_REQUIRED` when there is no terminal, or the name differs.
 */
export async function confirmName(
  database: string,
  what: string,
  streams: Streams,
  signal: AbortSignal,
): Promise<void> {
  if (!streams.stdin.isTTY) {
    throw new CofreError(
      'CONFIRMATION_REQUIRED',
      `Data of ${database} would be replaced, and there is nobody to ask.`,
      {
        hint: 'Add --yes to restore without a question.',
      },
    );
  }
  const prompt = createInterface({ input: streams.stdin, output: streams.stderr });
  try {
    const question = `${what}\nType the name of the database to confirm: `;
    const answer = await prompt.question(question, { signal }).catch((cause) => {
      streams.stderr.write('\n');
      throw signal.aborted ? signal.reason : notConfirmed(cause);
    });
    requireConfirmation(database, answer.trim());
  } finally {
    prompt.close();
  }
}

/** Ctrl+C and Ctrl+D close the prompt. */
function notConfirmed(cause: unknown): CofreError {
  return new CofreError('ABORTED', 'Not confirmed.', { cause, hint: 'Nothing was changed.' });
}
