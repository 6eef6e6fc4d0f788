import { LambdaClient } from '@aws-sdk/client-lambda';
import { functionName } from '../../lib/stack-names.ts';
import { fromAuthorizer } from '../access/caller.ts';
import { createApiHandler } from '../api.ts';
import { ENV } from '../environment.ts';
import { invokeLambda } from '../invoke-lambda.ts';
import { required } from './environment.ts';
import { openInLambda } from './runtime.ts';

const stack = required(ENV.stack);
const invoke = invokeLambda(new LambdaClient(), (name) => functionName(stack, name));

export const handler = createApiHandler({
  cofre: openInLambda(),
  invoke,
  identify: fromAuthorizer,
  anchor: null,
});
