import { componentSchemas, type JsonSchema, refTo, requestSchema } from './json-schema.ts';
import { COMPONENTS, DESCRIBED, type DescribedOperation } from './operations.ts';

/** The parts of an OpenAPI 3.1 document in which schemas stand. */
interface Document {
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

interface PathItem {
  readonly parameters?: readonly Parameter[];
  readonly [method: string]: unknown;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema: JsonSchema;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

const METHODS = ['get', 'post', 'delete'];

/** The same document with the schemas that the operations' descriptions give. @throws {Error} for one that has none */
export function described<D extends Document>(document: D): D {
  const paths = Object.entries(document.paths).map(([path, item]) => [path, pathItem(path, item)]);
  const components = { ...document.components, schemas: componentSchemas(COMPONENTS) };
  return { ...document, paths: Object.fromEntries(paths), components };
}

function pathItem(path: string, item: PathItem): PathItem {
  const methods = METHODS.flatMap((method) =>
    item[method] ? [[method, item[method] as Operation] as const] : [],
  );
  const operations = methods.map(([method, operation]) => [method, operationOf(operation)] as const);
  const id = methods.map(([, { operationId }]) => lookUp(operationId).id).find((it) => it !== undefined);
  const parameters = item.parameters?.map((it) => {
    if (it.name !== 'id' || !id) throw new Error(`The parameter ${it.name} of ${path} is described nowhere.`);
    return { ...it, schema: requestSchema(id) };
  });
  return { ...item, ...Object.fromEntries(operations), ...(parameters && { parameters }) };
}

function lookUp(operationId: string): DescribedOperation {
  const found = DESCRIBED[operationId];
  if (!found)
    throw new Error(
      `The operation ${operationId} is described nowhere: see functions/openapi/operations.ts.`,
    );
  return found;
}

function operationOf(operation: Operation): Operation {
  const { query, body, answer } = lookUp(operation.operationId);
  return {
    ...operation,
    ...(query && { parameters: queryParameters(query) }),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: requestSchema(body) } } },
    }),
    responses: responsesOf(operation, answer),
  };
}

function queryParameters(query: NonNullable<DescribedOperation['query']>): Parameter[] {
  return Object.entries(query.shape).map(([name, field]) => {
    const { description, ...schema } = requestSchema(field);
    return {
      name,
      in: 'query',
      required: false,
      ...(description ? { description: String(description) } : {}),
      schema,
    };
  });
}

/** Statuses and their texts stay; failures are problems, all else is the answer. */
function responsesOf({ operationId, responses }: Operation, answer: DescribedOperation['answer']) {
  const written = Object.entries(responses).map(([status, response]) => {
    if (Number(status) >= 400)
      return [status, { ...response, content: contentOf('application/problem+json', 'Problem') }];
    if (!answer) return [status, response];
    return [status, { ...response, content: contentOf('application/json', nameOf(operationId, answer)) }];
  });
  return Object.fromEntries(written);
}

function contentOf(type: string, component: string | undefined) {
  const schema = component === undefined ? { type: 'object' } : { $ref: refTo(component) };
  return { [type]: { schema } };
}

/** `undefined` for an answer that has no schema of ours: the description itself. */
function nameOf(operationId: string, answer: DescribedOperation['answer']): string | undefined {
  const found = Object.entries(COMPONENTS).find(([, schema]) => schema === answer);
  if (found) return found[0];
  if (operationId === 'getOpenApi') return undefined;
  throw new Error(`The answer of ${operationId} has no name: see functions/openapi/operations.ts.`);
}
