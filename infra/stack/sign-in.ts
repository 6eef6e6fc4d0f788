import { Aws, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
  type UserPoolDomain,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { AwsConfig } from '../../lib/aws-config.ts';

/** Groups of the pool, which are the roles (functions/access/caller.ts). */
const GROUPS = {
  viewer: 'Look at backups and jobs',
  admin: 'All: download, restore and delete included',
} as const;

/** Somebody who is shut out is out after so long; the page renews it without a word. */
const ACCESS = Duration.minutes(30);
/** People sign in once a day. */
const REFRESH = Duration.days(1);

export interface SignInProps {
  readonly domainPrefix: string | undefined;
  /** Address of the page, with a slash at the end. */
  readonly page: string;
}

/** A pool of users whom only an administrator can add. */
export class SignIn extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  readonly domain: UserPoolDomain;

  constructor(scope: Construct, id: string, { domainPrefix, page }: SignInProps) {
    super(scope, id);
    this.pool = this.makePool();
    for (const [groupName, description] of Object.entries(GROUPS)) {
      new CfnUserPoolGroup(this, `Group-${groupName}`, {
        userPoolId: this.pool.userPoolId,
        groupName,
        description,
      });
    }
    const prefix = domainPrefix ?? `${Stack.of(this).stackName.toLowerCase()}-${Aws.ACCOUNT_ID}`;
    this.domain = this.pool.addDomain('Domain', { cognitoDomain: { domainPrefix: prefix } });
    this.client = this.makeClient(page);
  }

  private makePool(): UserPool {
    const pool = new UserPool(this, 'Users', {
      selfSignUpEnabled: false,
      // A user name may be an address, and then stands in the tokens: whoever reads a job sees who asked.
      signInAliases: { username: true },
      signInCaseSensitive: false,
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
      },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(pool).acknowledge(
      {
        id: 'AwsSolutions-COG2',
        reason:
          'A second factor is offered to everybody and forced on nobody; docs/security.md says how to force it.',
      },
      {
        id: 'AwsSolutions-COG3',
        reason:
          'Threat protection needs the Plus plan, which costs per user; whoever has it can switch it on.',
      },
      {
        id: 'AwsSolutions-COG8',
        reason: 'The Plus plan costs per user; whoever has it can switch it on.',
      },
    );
    return pool;
  }

  /** Public: a page can keep no secret. Authorization code with PKCE (RFC 7636) makes up for it. */
  private makeClient(page: string): UserPoolClient {
    const client = this.pool.addClient('Page', {
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: ACCESS,
      refreshTokenValidity: REFRESH,
      authFlows: { userSrp: true },
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID],
        callbackUrls: [page],
        logoutUrls: [page],
      },
    });
    return client;
  }
}

/** Where a pool tells of its endpoints and keys (OpenID Connect Discovery 1.0, 4). */
const METADATA = '/.well-known/openid-configuration';

/** What the authorizer and the page are told, as JSON; see lib/sign-in.ts. */
export function signInSettings(
  scope: Construct,
  { type: _, ...issuer }: AwsConfig['signIn'],
  signIn: SignIn | undefined,
  emulator: string | undefined,
): string {
  if (!signIn) return JSON.stringify(issuer);
  const { userPoolId } = signIn.pool;
  const settings = { userPoolId, clientId: signIn.client.userPoolClientId };
  // Tokens of an emulator's pool name AWS as their issuer, but their keys are at the emulator.
  const elsewhere = emulator && { metadataUrl: `${emulator}/${userPoolId}${METADATA}` };
  return Stack.of(scope).toJsonString({ ...settings, ...elsewhere });
}
