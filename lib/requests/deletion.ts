import { z } from 'zod';

export const deletion = z.strictObject({
  force: z.boolean().default(false).describe('Also the newest whole backup of its database.'),
});
