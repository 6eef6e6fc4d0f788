import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { type CofreError, toCofreError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { policyFor } from './access/policy.ts';
import type { Identity, VerifyToken } from './sign-in/verifier.ts';

/** Exactly this text makes API Gateway answer 401. */
const UNAUTHORIZED = 'Unauthorized';

/**
 * API Gateway's authorizer of type TOKEN: says who the bearer of a token is and what they may ask of the API. Without a
 * role nothing is allowed (403).
 * @throws {Error} `Unauthorized` (401) for a token that is not valid; anything else is answered with 500
 */
export function createAuthorizer(verify: VerifyToken, logger: Logger) {
  return async (event: APIGatewayTokenAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
    const { name, role } = await identify(verify, event.authorizationToken, logger);
    return policyFor(name, role, event.methodArn);
  };
}

async function identify(verify: VerifyToken, header: string, logger: Logger): Promise<Identity> {
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (token === undefined) throw new Error(UNAUTHORIZED);
  try {
    return await verify(token);
  } catch (thrown) {
    const error = toCofreError(thrown);
    if (error.code === 'SIGNED_OUT') {
      logger.info('A token was refused.', { reason: reasonOf(error) });
      throw new Error(UNAUTHORIZED);
    }
    logger.error('A token could not be checked.', { code: error.code, reason: error.message });
    throw new Error(error.message);
  }
}

/** Its kind only: the text may quote what the token says. */
function reasonOf({ cause }: CofreError): string {
  return cause instanceof Error ? cause.constructor.name : 'unknown';
}
