import type { EngineContext, Finding } from '../engine.ts';
import { openSession } from './connection/connect.ts';
import { explaining } from './connection/failures.ts';
import { parseUrl } from './connection/url.ts';
import { incompleteSince } from './schema/unfinished.ts';
import { type Recovered, recover } from './sweep.ts';

/**
 * Finishes or undoes what restores that died have left on the server of `url`, and looks whether its database is whole.
 * @throws {CofreError} `TARGET_INVALID` when the server cannot be reached
 */
export async function doctor(url: string, { signal }: EngineContext): Promise<readonly Finding[]> {
  const settings = parseUrl(url);
  signal.throwIfAborted();
  const mended = (await recover(url)).map((it): Finding => ({ kind: 'mended', text: tell(it) }));
  return await explaining('target', settings, signal, async () => {
    const options = { role: 'target', purpose: 'inspect', signal } as const;
    await using session = await openSession({ ...settings, database: '' }, options);
    const problem = await incompleteSince(session, settings.database);
    return problem === undefined ? mended : [...mended, { kind: 'problem', text: problem }];
  });
}

function tell(it: Recovered): string {
  switch (it.outcome) {
    case 'finished':
      return `A restore of ${it.database} had died after its tables were in place; all that was missing has been done.`;
    case 'undone':
      return `A restore of ${it.database} had died before its tables were in place; the database is what it was before.`;
    case 'cleared':
      return `A restore of ${it.database} had died once it was done; what it had replaced has been dropped.`;
    case 'test':
      return 'What a restore test that died had made has been dropped.';
    default:
      return 'What a restore that died had loaded has been dropped; it had not touched its target.';
  }
}
