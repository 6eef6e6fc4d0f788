import type { AwsServer } from '../servers/aws-server.ts';

// biome-ignore lint/suspicious/noExplicitAny: each action answers its own object
type Answer = any;

/** One action of an AWS API that speaks JSON, on an emulator, as its root, whose signature it does not look at. */
export async function askAws(
  { endpoint, region }: AwsServer,
  [service, target]: readonly [service: string, target: string],
  body: object,
): Promise<Answer> {
  const scope = `test/20260101/${region}/${service}/aws4_request`;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${target} failed with ${response.status}: ${text}`);
  return JSON.parse(text || '{}');
}

export function cognito(server: AwsServer, action: string, body: object): Promise<Answer> {
  return askAws(server, ['cognito-idp', `AWSCognitoIdentityProviderService.${action}`], body);
}

export const PASSWORD = 'Correct-Horse-7';

/** A user pool as the stack makes it, with one public client. */
export async function makePool(server: AwsServer): Promise<{ userPoolId: string; clientId: string }> {
  const { UserPool } = await cognito(server, 'CreateUserPool', { PoolName: 'cofre' });
  for (const GroupName of ['viewer', 'admin'])
    await cognito(server, 'CreateGroup', { UserPoolId: UserPool.Id, GroupName });
  return { userPoolId: UserPool.Id, clientId: await makeClient(server, UserPool.Id) };
}

export async function makeClient(server: AwsServer, UserPoolId: string): Promise<string> {
  const flows = { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] };
  const client = { UserPoolId, ClientName: 'page', GenerateSecret: false, ...flows };
  return (await cognito(server, 'CreateUserPoolClient', client)).UserPoolClient.ClientId;
}

export async function makeUser(server: AwsServer, UserPoolId: string, Username: string, groups: string[]) {
  await cognito(server, 'AdminCreateUser', { UserPoolId, Username });
  await cognito(server, 'AdminSetUserPassword', {
    UserPoolId,
    Username,
    Password: PASSWORD,
    Permanent: true,
  });
  for (const GroupName of groups)
    await cognito(server, 'AdminAddUserToGroup', { UserPoolId, Username, GroupName });
}

export async function tokensOf(server: AwsServer, ClientId: string, USERNAME: string) {
  const request = { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME, PASSWORD } };
  const { AuthenticationResult } = await cognito(server, 'InitiateAuth', request);
  return { access: AuthenticationResult.AccessToken as string, id: AuthenticationResult.IdToken as string };
}
