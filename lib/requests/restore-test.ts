import { z } from 'zod';
import { database } from './fields.ts';

export const startRestoreTest = z
  .strictObject({
    into: database
      .optional()
      .describe('Name of a configured database: the scratch database is made on its server.'),
    here: z
      .literal(true)
      .optional()
      .describe(
        'On the server of the database itself, where it takes room and log. A backup of SQLite needs neither.',
      ),
  })
  .refine(({ into, here }) => into === undefined || here === undefined, { error: 'Give into or here' })
  .meta({ maxProperties: 1 });
