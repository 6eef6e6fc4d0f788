import { z } from 'zod';
import { ROLES } from './caller.ts';

/** Who is asking, and what they may do. */
export const me = z.strictObject({
  name: z
    .string()
    .nullable()
    .describe('As the issuer of the token calls them; null where there is no sign-in.'),
  role: z.enum(ROLES),
});
export type Me = z.infer<typeof me>;
