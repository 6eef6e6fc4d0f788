import description from '../openapi.json' with { type: 'json' };
import { isRole, type Role } from './caller.ts';

/** One operation of the API. */
export interface Route {
  readonly operationId: string;
  /** In capitals. */
  readonly method: string;
  /** As the description has it, below `/api`: `/backups/{id}`. */
  readonly path: string;
  /** The least role that may. */
  readonly role: Role;
  /** Only where the API is served on one machine: a stack has no function for it. */
  readonly local: boolean;
}

interface Described {
  readonly operationId: string;
  readonly security: readonly { readonly bearer: readonly string[] }[];
  readonly 'x-cofre-local'?: boolean;
}

const METHODS = ['get', 'post', 'delete'] as const;

/** All routes of functions/openapi.json, with the roles that its `security` names (OpenAPI 3.1, 4.8.30). */
export const ROUTES: readonly Route[] = Object.entries(description.paths).flatMap(([path, item]) =>
  METHODS.flatMap((method) => {
    const operation = (item as Partial<Record<string, Described>>)[method];
    return operation ? [routeOf(path, method.toUpperCase(), operation)] : [];
  }),
);

function routeOf(path: string, method: string, described: Described): Route {
  const { operationId, security } = described;
  const role = security[0]?.bearer[0];
  if (!isRole(role)) throw new Error(`${operationId} names no role in functions/openapi.json.`);
  return { operationId, method, path, role, local: described['x-cofre-local'] ?? false };
}

/** @throws {Error} for an operation that is not described, or has no name */
export function roleFor(operationId: string | undefined): Role {
  const route = ROUTES.find((it) => it.operationId === operationId);
  if (!route) throw new Error(`There is no operation ${operationId}.`);
  return route.role;
}
