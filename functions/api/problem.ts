import { z } from 'zod';

const fieldError = z.strictObject({ path: z.string(), message: z.string() });
export type FieldError = z.infer<typeof fieldError>;

export const problemDetails = z
  .strictObject({
    type: z.string().describe('`urn:cofre:error:CODE`'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().describe('Stable code for programs.'),
    hint: z.string().optional().describe('What to do next.'),
    errors: z.array(fieldError).optional(),
  })
  .describe('Problem details (RFC 9457).');
