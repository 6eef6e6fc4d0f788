import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { CofreError, type ErrorCode } from '../../errors.ts';
import { OUTPUT } from '../../stack-names.ts';
import { type FunctionFailure, fromTold } from '../../told.ts';
import type { Stack } from './api.ts';

/**
 * Finds a stack by its outputs, with the credentials and the region of the usual places.
 * @throws {CofreError} `USAGE` when there is no such stack of Cofre, `FORBIDDEN`, `STORE_UNAVAILABLE`
 */
export async function openAwsStack(name: string, signal: AbortSignal): Promise<Stack> {
  const [outputs, caller] = await Promise.all([outputsOf(name, signal), identityOf(signal)]);
  const api = outputs.get(OUTPUT.functionOf('api'));
  const store = outputs.get(OUTPUT.store);
  if (api === undefined || store === undefined) {
    throw new CofreError('USAGE', `The stack ${name} is none of Cofre's: its outputs name no function.`, {
      hint: 'Give the name that `cdk deploy` printed.',
    });
  }
  const client = new LambdaClient();
  return { store, caller, invoke: (event, signal) => invoke(client, api, event, signal) };
}

async function outputsOf(StackName: string, abortSignal: AbortSignal): Promise<Map<string, string>> {
  const client = new CloudFormationClient();
  const asked = new DescribeStacksCommand({ StackName });
  const { Stacks } = await client.send(asked, { abortSignal }).catch((error) => {
    throw refusalOf(error, 'cloudformation:DescribeStacks', `the stack ${StackName}`);
  });
  const found = Stacks?.[0]?.Outputs ?? [];
  return new Map(found.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}

/** Needs no right. */
async function identityOf(abortSignal: AbortSignal): Promise<string> {
  const { Arn = 'unknown' } = await new STSClient()
    .send(new GetCallerIdentityCommand({}), { abortSignal })
    .catch((error) => {
      throw refusalOf(error, 'sts:GetCallerIdentity', 'who you are');
    });
  return Arn;
}

async function invoke(
  client: LambdaClient,
  FunctionName: string,
  event: object,
  abortSignal: AbortSignal,
): Promise<APIGatewayProxyResult> {
  const asked = new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) });
  const { FunctionError, Payload = new Uint8Array() } = await client
    .send(asked, { abortSignal })
    .catch((error) => {
      throw refusalOf(error, 'lambda:InvokeFunction', `the function ${FunctionName}`);
    });
  const answer = JSON.parse(Buffer.from(Payload).toString('utf8'));
  if (FunctionError !== undefined) throw fromTold(answer as FunctionFailure);
  return answer as APIGatewayProxyResult;
}

/** The SDK's errors in our words. */
function refusalOf(error: Error, right: string, what: string): CofreError {
  const [code, message, hint] = explain(error, right, what);
  return new CofreError(code, message, { cause: error, hint });
}

function explain(
  { name, message }: Error,
  right: string,
  what: string,
): [ErrorCode, message: string, hint: string] {
  if (/does not exist|ResourceNotFound/.test(`${name} ${message}`))
    return ['USAGE', `There is no such thing: ${what}.`, 'Check the name, AWS_REGION and AWS_PROFILE.'];
  if (/AccessDenied|not authorized/i.test(name + message))
    return ['FORBIDDEN', `You have no right to ask for ${what}.`, `It needs ${right}; see docs/deploy.md.`];
  if (/Credential|Token|Signature|Security/i.test(name))
    return [
      'SIGNED_OUT',
      `AWS does not know you: ${message}`,
      'Sign in with the AWS CLI, or set AWS_PROFILE.',
    ];
  if (/region/i.test(message)) return ['USAGE', 'No AWS region is set.', 'Set AWS_REGION.'];
  return ['STORE_UNAVAILABLE', `AWS did not tell of ${what}: ${message}`, 'Try again in a while.'];
}
