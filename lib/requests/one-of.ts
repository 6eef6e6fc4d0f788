import type { z } from 'zod';

/**
 * Exactly one of `fields` has to be there: as a check here, and as `oneOf` in the JSON Schema that is written from
 * `schema` (JSON Schema 2020-12, 10.2.1.3).
 */
export function exactlyOne<S extends z.ZodObject>(schema: S, fields: readonly (keyof S['shape'] & string)[]) {
  const given = (request: object) => fields.filter((field) => Object.hasOwn(request, field));
  return schema
    .refine((request) => given(request).length === 1, { error: `Give exactly one of ${fields.join(', ')}` })
    .meta({ oneOf: fields.map((field) => ({ required: [field] })) });
}
