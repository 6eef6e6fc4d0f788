import type { Messages } from './messages.ts';

/** Who asked for a job: people by their names, others in the reader's language. */
export function actorName(actor: string, { jobs }: Messages): string {
  return jobs.actors[actor] ?? actor.replace(/^user:/, '');
}
