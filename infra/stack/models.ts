import type { JsonSchema } from 'aws-cdk-lib/aws-apigateway';
import type { Route } from '../../functions/access/routes.ts';
import description from '../../functions/openapi.json' with { type: 'json' };

type Schema = Readonly<Record<string, unknown>>;

/** Words of JSON Schema 2020-12 (OpenAPI 3.1) that API Gateway's models, which are draft 4, do not have or need. */
const LEFT_OUT = ['examples', 'description', 'default', 'format'];

/** The schema of a route's body as API Gateway takes it, if the route has a body. */
export function bodyModel({ path, method }: Route): JsonSchema | undefined {
  const operations = (description.paths as Record<string, unknown>)[path] as Record<string, Schema>;
  const body = operations[method.toLowerCase()]?.['requestBody'] as
    | { content: { 'application/json': { schema: Schema } } }
    | undefined;
  return body && (draft4(body.content['application/json'].schema) as JsonSchema);
}

/** `const` became a word in draft 6; all else that the descriptions of bodies use is the same. */
function draft4(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(draft4);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(([name]) => !LEFT_OUT.includes(name));
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (name === 'const') return ['enum', [value]];
      if (name === 'properties') return [name, mapValues(value as Schema)];
      return [name, draft4(value)];
    }),
  );
}

/** Names of properties are nobody's words. */
function mapValues(properties: Schema): Schema {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, draft4(value)]));
}
