import { contentBuilder } from '../../content/builder.ts';
import { type Content, contentKey } from '../../content/content.ts';
import type { ContentSource, EngineContext } from '../../engine.ts';
import type { ContentReport } from '../child/protocol.ts';
import { explaining } from '../file/failures.ts';
import { openSession } from '../file/session.ts';
import { spool } from '../file/spool.ts';
import { removeTemporary, sweepBeside, temporaryBeside, temporaryPlace } from '../file/temporary.ts';

/**
 * Writes the image to a file in the temporary folder, which goes away, and has it read there: see child/content.ts.
 * @throws {CofreError} `BACKUP_DAMAGED`, `NO_SPACE`
 */
export async function content({ frames }: ContentSource, context: EngineContext): Promise<Content> {
  const place = temporaryPlace('content');
  await sweepBeside(place);
  const path = temporaryBeside(place);
  const session = openSession(context.signal);
  try {
    await spool(path, { frames }, { reserve: 0, durable: false }, context);
    context.report({ phase: 'check' });
    return contentOf(await explaining('backup', 'The backup', () => session.ask('content', { path })));
  } finally {
    await session.end();
    await removeTemporary(path);
  }
}

function contentOf({ objects, sums }: ContentReport): Content {
  const builder = contentBuilder();
  for (const object of objects) builder.object(object);
  return {
    objects: builder.result().objects,
    sums: new Map(sums.map((sum) => [contentKey(sum.kind, sum.name), sum])),
  };
}
