import type { APIGatewayAuthorizerResult, Statement } from 'aws-lambda';
import { allows, type Role } from './caller.ts';
import { ROUTES } from './routes.ts';

/**
 * What a caller may ask of the API, as the policy that API Gateway evaluates and keeps for a while by the token: so it
 * covers all routes, not just the one that was asked for. A `*` in a resource matches `/` as well, hence what a viewer
 * may not do is denied by name: a deny wins over any allow.
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html)
 */
export function policyFor(
  name: string,
  role: Role | undefined,
  methodArn: string,
): APIGatewayAuthorizerResult {
  const statements =
    role === undefined ? [statement('Deny', [`${stageOf(methodArn)}/*`])] : of(role, methodArn);
  return {
    principalId: name,
    policyDocument: { Version: '2012-10-17', Statement: statements },
    context: role === undefined ? {} : { role },
  };
}

function of(role: Role, methodArn: string): Statement[] {
  const stage = stageOf(methodArn);
  if (role === 'admin') return [statement('Allow', [`${stage}/*/api/*`])];
  const resources = (allowed: boolean) =>
    ROUTES.filter((route) => allows(role, route.role) === allowed).map(
      ({ method, path }) => `${stage}/${method}/api${path.replaceAll(/\{\w+\}/g, '*')}`,
    );
  return [statement('Allow', resources(true)), statement('Deny', resources(false))];
}

function statement(Effect: 'Allow' | 'Deny', Resource: string[]): Statement {
  return { Effect, Action: 'execute-api:Invoke', Resource };
}

/** `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE` of `…/STAGE/METHOD/path`. */
function stageOf(methodArn: string): string {
  return methodArn.split('/').slice(0, 2).join('/');
}
