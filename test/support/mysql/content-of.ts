import { compare } from '../../../lib/engines/content/compare.ts';
import type { Content, Difference } from '../../../lib/engines/content/content.ts';
import { content } from '../../../lib/engines/mysql/restore-test/content.ts';
import { contextOf, replay } from '../../contracts/engine/harness.ts';
import { type Dumped, dumped } from './dumping.ts';

export function contentOf({ frames, summary }: Pick<Dumped, 'frames' | 'summary'>): Promise<Content> {
  return content({ frames: replay(frames), details: () => summary.details }, contextOf());
}

/** In what a database differs from another, as a restore test tells it. */
export async function differences(was: string, is: string): Promise<Difference[]> {
  return compare(await contentOf(await dumped(was)), await contentOf(await dumped(is)));
}
