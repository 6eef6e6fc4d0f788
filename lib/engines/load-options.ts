import { z } from 'zod';

/** The ways of a whole load. Which of them an engine knows are its `modes`, the first of them its default. */
export const LOAD_MODES = ['transaction', 'swap', 'in-place'] as const;
export type LoadMode = (typeof LOAD_MODES)[number];

/** A number of connections; more than that a server hardly has to give. */
export const connections = z.int().min(1).max(64);

/**
 * How a whole load is to be made: the one description from which the API, the functions' events, the command line and
 * the engines' contract have it. What an engine cannot do is refused with `USAGE`.
 */
export const loadOptions = z.strictObject({
  mode: z
    .enum(LOAD_MODES)
    .optional()
    .describe(
      "`transaction`: in the database itself, in one transaction (PostgreSQL's and SQLite's default). `swap`: beside it, over " +
        "several connections, then in its place (MySQL's default; PostgreSQL keeps what was there). `in-place`: emptied first, so " +
        'that a failure leaves it incomplete (MySQL). Of an engine without it, `transaction` means its default.',
    ),
  jobs: connections
    .optional()
    .describe('Connections that load at the same time; not with mode `transaction`.'),
  noOwner: z.boolean().optional().describe('Leave everything to the role that restores.'),
  noPrivileges: z.boolean().optional().describe('Leave grants out.'),
  terminateConnections: z.boolean().optional().describe('End the sessions that are in the way.'),
});

/** How a load is to be made, as an engine is told. */
export interface LoadOptions extends z.infer<typeof loadOptions> {
  /** What would act by itself is made so that it does not: events stay disabled, subscriptions without a connection. */
  readonly inert?: boolean;
}
