import fc, { type Arbitrary } from 'fast-check';
import { description } from './description.ts';
import type { Sent } from './exchange.ts';
import { nasty, nastyText, strangeName } from './nasty.ts';

// biome-ignore lint/suspicious/noExplicitAny: schemas of the document are walked freely
type Schema = any;

/** Mostly values that fit, so that requests get past the first check. */
function fitting(key: string, schema: Schema, ids: readonly string[]): Arbitrary<unknown> {
  if (['database', 'confirm'].includes(key)) return fc.constantFrom('shop', 'shop', 'other');
  if (['backup', 'id', 'cursor'].includes(key))
    return fc.constantFrom(...ids, 'shop-20200101-000000', '20200101T000000-00000000');
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.type === 'integer')
    return fc.integer({ min: schema.minimum, max: Math.min(schema.maximum, 400) });
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'array')
    return fc.array(fc.constantFrom('a@example.com', 'b@example.org'), { maxLength: 3 });
  return fc.constantFrom('shop', 'x');
}

const mostly = (good: Arbitrary<unknown>, bad: Arbitrary<unknown>) =>
  fc.oneof({ weight: 6, arbitrary: good }, { weight: 1, arbitrary: bad });

/** The right value as the wrong type: what a lenient check would take for right. */
function nearly(good: Arbitrary<unknown>): Arbitrary<unknown> {
  const wrongly = fc.constantFrom<(it: unknown) => unknown>(
    (it) => [it],
    String,
    (it) => ({ it }),
    () => null,
  );
  return fc.tuple(good, wrongly).map(([it, wrong]) => wrong(it));
}

/** An object after `properties`: fields of `needed` mostly there, others now and then; some wrong or added now and then. Made of entries, so that `__proto__` stays a field. */
function fields(
  properties: Record<string, Schema>,
  ids: readonly string[],
  value: Arbitrary<unknown>,
  needed: readonly string[] = [],
) {
  const present = (key: string) => fc.nat(7).map((it) => (needed.includes(key) ? it > 0 : it > 4));
  const each = Object.entries(properties).map(([key, schema]) =>
    fc.tuple(
      fc.constant(key),
      mostly(fitting(key, schema, ids), fc.oneof(value, nearly(fitting(key, schema, ids)))),
      present(key),
    ),
  );
  const extra = fc.array(fc.tuple(strangeName, value, fc.constant(true)), { maxLength: 2 });
  const extras = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: extra });
  return fc
    .tuple(fc.tuple(...each), extras)
    .map(([own, more]) =>
      Object.fromEntries([...own, ...more].filter(([, , present]) => present).map(([key, it]) => [key, it])),
    );
}

function bodyOf(operation: Schema, ids: readonly string[]): Arbitrary<Pick<Sent, 'body' | 'headers'>> {
  const schema = operation.requestBody?.content['application/json'].schema;
  const text = (schema ? fields(schema.properties, ids, nasty, schema.required) : fc.constant({})).map((it) =>
    JSON.stringify(it),
  );
  const raw = fc.oneof(
    nastyText,
    fc.uint8Array({ maxLength: 50 }).map((it) => Buffer.from(it)),
    text.map((it) => it.slice(0, -2)),
    text.map((it) => Buffer.from(it, 'utf16le')),
  );
  const type = fc.constantFrom(
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'text/plain',
    'multipart/form-data',
    '',
  );
  const body = mostly(text, raw) as Arbitrary<string | Buffer>;
  const json = fc.oneof(
    { weight: 9, arbitrary: fc.constant('application/json') },
    { weight: 1, arbitrary: type },
  );
  const given = fc
    .tuple(body, json)
    .map(([it, contentType]) => ({ body: it, headers: { 'content-type': contentType } }));
  return schema
    ? given
    : fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: given });
}

function queryOf(parameters: Schema[], ids: readonly string[]): Arbitrary<string> {
  const own = Object.fromEntries(
    parameters.filter((it) => it.in === 'query').map((it) => [it.name, it.schema]),
  );
  const encode = (it: unknown) => encodeURIComponent(typeof it === 'string' ? it : JSON.stringify(it));
  return fields(own, ids, nastyText).map((it) =>
    Object.entries(it)
      .map(([key, value]) => `${encode(key)}=${encode(value)}`)
      .join('&'),
  );
}

/** Decoded once too often, some of these are no longer text, or another path. */
const strangeIds = fc.constantFrom('%', '%zz', '%ff', '%2f', '..', '.', 'a/b', '%2e%2e');

/** A request after the description, or nearly so. `ids` are of backups that exist. */
export function requests(ids: readonly string[]): Arbitrary<Sent> {
  const all = Object.entries<Schema>(description.paths).flatMap(([path, item]) =>
    ['get', 'post', 'delete']
      .filter((it) => item[it])
      .map((method) => ({ path, method, item, operation: item[method] })),
  );
  return fc.oneof(
    ...all.map(({ path, method, item, operation }) => {
      const id = mostly(fc.constantFrom(...ids), fc.oneof(nastyText, strangeIds)).map((it) =>
        encodeURIComponent(it as string),
      );
      const query = queryOf([...(item.parameters ?? []), ...(operation.parameters ?? [])], ids);
      const verb = fc.oneof(
        { weight: 30, arbitrary: fc.constant(method.toUpperCase()) },
        { weight: 1, arbitrary: fc.constantFrom('PUT', 'PATCH', 'HEAD', 'OPTIONS', 'DELETE') },
      );
      return fc.tuple(id, query, verb, bodyOf(operation, ids)).map(([it, search, method, body]) => ({
        method,
        path: `/api${path.replace('{id}', it)}${search && `?${search}`}`,
        ...body,
      }));
    }),
  );
}

/** Paths that no operation has, and ways to write those that one has. Only what HTTP/1.1 can carry in a request line. */
export const strangePaths: Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'api',
        'files',
        'backups',
        'shop',
        '..',
        '.',
        '',
        '%2e%2e',
        '%2F',
        '%',
        '%ff',
        '__proto__',
        'http:',
      ),
      fc.string({ maxLength: 12 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => `/${parts.join('/')}`.replaceAll(/[^\x21-\x7e]/g, ''));
