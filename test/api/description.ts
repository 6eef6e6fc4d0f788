import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { OpenAPIBackend, type Operation } from 'openapi-backend';
import { expect } from 'vitest';
import type { Answer, Sent } from './exchange.ts';

const FILE = resolve(import.meta.dirname, '../../functions/openapi.json');

interface Response {
  readonly content?: Record<string, { schema: object }>;
  readonly headers?: Record<string, unknown>;
}
interface Described {
  readonly operationId: string;
  readonly responses: Record<string, Response>;
}

// biome-ignore lint/suspicious/noExplicitAny: the document is walked freely by the tests
export const description: any = JSON.parse(readFileSync(FILE, 'utf8'));

/** openapi-backend checks answers of `application/json` only; problems are JSON as well. */
function withProblemsAsJson() {
  const text = readFileSync(FILE, 'utf8').replaceAll('application/problem+json', 'application/json');
  return JSON.parse(text);
}

const api = new OpenAPIBackend({
  definition: withProblemsAsJson(),
  apiRoot: '/api',
  quick: true,
  ajvOpts: {
    strict: false,
    allErrors: true,
    formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, email: /^\S+@\S+$/ },
  },
});
await api.init();

export function operationIds(): string[] {
  return api.getOperations().map((it) => it.operationId!);
}

/** The operation that a request is for, if there is one. */
export function operationOf({ method = 'GET', path }: Sent): Operation | undefined {
  try {
    // Written in whatever way, `..` and all, it is the path that URLs resolve to.
    const { pathname } = new URL(`http://x${path}`);
    return api.matchOperation({ method, path: decodeURIComponent(pathname), headers: {} });
  } catch {
    return undefined;
  }
}

/** Fails unless the answer is one that the description has for this request. */
export function expectDescribed(sent: Sent, answer: Answer): void {
  const operation = operationOf(sent);
  const where = `${sent.method ?? 'GET'} ${sent.path} -> ${answer.status} ${answer.bytes.toString().slice(0, 400)}`;
  if (operation === undefined || answer.status === 405) expectProblem(answer, where);
  else expectResponseOf(operation, answer, where);
}

function expectResponseOf(operation: Operation, answer: Answer, where: string): void {
  const { operationId, responses } = description.paths[operation.path][operation.method] as Described;
  const described = responses[answer.status];
  expect(described, `not described: ${where}`).toBeDefined();
  for (const name of Object.keys(described!.headers ?? {}))
    expect(answer.headers[name.toLowerCase()], `${name}: ${where}`).toBeTypeOf('string');
  expectContent(described!, answer, where);
  if (!described!.content) return;
  const body = JSON.parse(answer.bytes.toString());
  const { errors } = api.validateResponse(body, operationId, answer.status);
  expect(errors, where).toBeNull();
  if (answer.status >= 400) expect(body.status, where).toBe(answer.status);
}

function expectContent({ content }: Response, { headers, bytes }: Answer, where: string): void {
  const [type] = Object.keys(content ?? {});
  expect(headers['content-type'], where).toBe(type);
  if (!type) expect(bytes.length, where).toBe(0);
}

/** Fails unless the request itself fits the description, each field of its body as the type it has to be. */
export function expectFitting({ method = 'GET', path, headers = {}, body }: Sent): void {
  const url = new URL(`http://x${path}`);
  const query = Object.fromEntries(url.searchParams);
  const request = {
    method,
    path: url.pathname,
    query,
    headers: headers as Record<string, string>,
    body: body?.toString(),
  };
  const { errors } = api.validateRequest(request, operationOf({ method, path })!);
  expect(errors, `accepted: ${method} ${path} ${body}`).toBeNull();
}

/** Where there is no operation: problem details all the same. */
function expectProblem({ status, headers, bytes }: Answer, where: string): void {
  expect([400, 403, 404, 405], where).toContain(status);
  expect(headers['content-type'], where).toBe('application/problem+json');
  if (bytes.length === 0) return;
  const { errors } = api.validateResponse(JSON.parse(bytes.toString()), 'getJob', 400);
  expect(errors, where).toBeNull();
}
