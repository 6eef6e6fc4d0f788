import type { APIGatewayProxyEvent } from 'aws-lambda';
import { CofreError } from '../../lib/errors.ts';
import { requireOwnOrigin } from './origin.ts';

/** A viewer sees; an admin also acts and downloads. */
export const ROLES = ['viewer', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks, and what they may do. */
export interface Caller {
  /** `null` where there is no sign-in. */
  readonly name: string | null;
  readonly role: Role;
  /** As jobs tell it. */
  readonly actor: string;
}

/** @throws {CofreError} `FORBIDDEN` */
export type Identify = (event: APIGatewayProxyEvent) => Caller;

/** Without a sign-in whoever is at this machine may do all; who that is, the server's guard decides. */
export const atThisMachine: Identify = () => ({ name: null, role: 'admin', actor: 'admin page' });

/**
 * What the authorizer has written into the request (functions/authorizer.ts), or the command line, which needs the right
 * to invoke the function (lib/cli/stack/). A request that came past both is refused: it would be nobody's. So is one of a
 * foreign page.
 */
export const fromAuthorizer: Identify = (event) => {
  requireOwnOrigin(event);
  const { principalId, role, via } = event.requestContext?.authorizer ?? {};
  if (typeof principalId !== 'string' || principalId === '' || !isRole(role)) {
    throw new CofreError('FORBIDDEN', 'The request has no caller.', {
      hint: 'Ask by way of the API Gateway, whose authorizer names the caller.',
    });
  }
  return { name: principalId, role, actor: `${via === 'iam' ? 'iam' : 'user'}:${principalId}` };
};

export function isRole(value: unknown): value is Role {
  return ROLES.includes(value as Role);
}

/** Whether `role` may do what needs the role `needed`. */
export function allows(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
