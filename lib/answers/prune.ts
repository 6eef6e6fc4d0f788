import { z } from 'zod';

export const ACTIONS = ['keep', 'remove'] as const;

const decision = z.strictObject({
  id: z.string(),
  database: z.string(),
  startedAt: z.iso.datetime(),
  size: z.int().nonnegative(),
  action: z.enum(ACTIONS),
  reason: z.string().describe('For people, in English.'),
});
export type PruneRow = z.infer<typeof decision>;

const replaced = z.strictObject({
  name: z.string().describe('As its server calls it.'),
  database: z.string().describe('The configured database that it was.'),
});
/** A database that a restore by swap replaced and kept. */
export type Replaced = z.infer<typeof replaced>;

/** A pruning as the command line prints it and the API answers it. Sizes in bytes. */
export const pruneReport = z.strictObject({
  dryRun: z.boolean(),
  decisions: z.array(decision),
  removed: z.int().nonnegative().describe('Backups removed (0 in a dry run).'),
  freedBytes: z.int().nonnegative(),
  replaced: z
    .array(replaced)
    .describe('Databases that restores by swap had kept, dropped now (or that would be, in a dry run).'),
  warnings: z.array(z.string()).describe('Servers that could not be reached.'),
});
export type PruneReport = z.infer<typeof pruneReport>;
