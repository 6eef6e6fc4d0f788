import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** zod says of every whole number that it is a safe one: of no use to a reader. */
function override({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

/** JSON Schema 2020-12 of what is taken, as OpenAPI 3.1 has it. */
export function requestSchema(schema: z.core.$ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', override });
  return rest;
}

/** JSON Schemas of what is answered, which refer to each other by name. */
export function componentSchemas(
  components: Readonly<Record<string, z.ZodType>>,
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(components)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'output', override, uri: refTo });
  const plain = Object.entries(schemas).map(
    ([id, { $schema: _, $id: __, ...schema }]) => [id, schema] as const,
  );
  return Object.fromEntries(plain);
}

export function refTo(id: string): string {
  return `#/components/schemas/${id}`;
}
