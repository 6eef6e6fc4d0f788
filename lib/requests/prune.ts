import { z } from 'zod';
import { CofreError } from '../errors.ts';
import { days, onlyOf } from './fields.ts';
import { exactlyOne } from './one-of.ts';

export const pruneDays = days.describe('Remove backups older than so many days.');
export const keepLast = z.int().min(1).max(100_000).describe('Keep so many of the newest.');

/** An explicit policy of `prune`; exactly one of the two. */
export type PrunePolicy = { readonly days: number } | { readonly keepLast: number };

/** What a pruning can be told, whoever tells it. */
export const pruneOptions = z.strictObject({
  database: onlyOf.optional(),
  days: pruneDays.optional(),
  keepLast: keepLast.optional(),
  dryRun: z.boolean().optional().describe('Only say what would go, and why.'),
});
export type PruneOptions = z.infer<typeof pruneOptions>;

export const startPrune = exactlyOne(pruneOptions, ['days', 'keepLast']);

/** @throws {CofreError} `USAGE` unless there is exactly one policy. */
export function policyOf({ days, keepLast }: Pick<PruneOptions, 'days' | 'keepLast'>): PrunePolicy {
  if (days !== undefined && keepLast === undefined) return { days };
  if (keepLast !== undefined && days === undefined) return { keepLast };
  throw new CofreError('USAGE', 'prune needs one policy: so many days, or so many backups to keep.', {
    hint: 'Give --days N or --keep-last N (API: days or keepLast). Nothing was removed; see what would go with a dry run.',
  });
}
