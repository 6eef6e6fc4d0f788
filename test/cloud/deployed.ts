import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { makeUser } from '../access/cognito.ts';
import type { AwsServer } from '../servers/aws-server.ts';
import { allowMail, startMiniStack } from '../servers/ministack.ts';
import { type Clients, openClients } from './clients.ts';
import { bootstrap, deploy } from './deploy.ts';
import { type Api, openApi } from './http.ts';
import { signInByCode } from './sign-in.ts';
import type { Source } from './sources/source.ts';
import type { Steps } from './steps.ts';

export const SENDER = 'backups@example.com';
export const RECIPIENT = 'team@example.com';

/** The real stack, deployed by `cdk deploy` to an emulator, with databases that it works on. */
export interface Deployed extends AsyncDisposable {
  readonly server: AwsServer;
  readonly clients: Clients;
  /** Of the stack. */
  readonly outputs: Readonly<Record<string, string>>;
  /** A folder for the run's own files. */
  readonly folder: string;
  /** Path of the configuration that was deployed. */
  readonly config: string;
  /** The API as a new user in these groups sees it. */
  signIn(name: string, groups: readonly ('viewer' | 'admin')[]): Promise<Api>;
  token(name: string): Promise<string>;
}

export interface DeployedOptions {
  readonly sources: readonly Source[];
  /** Laid over the entries of the sources' databases, by name. */
  readonly databases?: Readonly<Record<string, object>>;
  readonly aws?: object;
  readonly steps: Steps;
}

export async function deployed(folder: string, options: DeployedOptions): Promise<Deployed> {
  const { sources, steps } = options;
  const opened = new AsyncDisposableStack();
  const server = await steps.step('MiniStack', () => startMiniStack({ stacks: true }));
  opened.defer(() => server.stop());
  const clients = opened.use(openClients(server));
  await clients.ses.send(new VerifyEmailIdentityCommand({ EmailAddress: SENDER }));
  for (const [Name, SecretString] of sources.flatMap(({ secrets }) => Object.entries(secrets)))
    await clients.secrets.send(new CreateSecretCommand({ Name, SecretString }));
  const config = join(folder, 'cofre.json');
  writeFileSync(config, JSON.stringify(configurationOf(options), null, 2));
  await steps.step('cdk bootstrap', () => bootstrap(server, folder));
  const outputs = await steps.step('cdk deploy', () => deploy(server, config, folder));
  await allowMailOf(server, clients, outputs['NotifyFunction']!);
  const client = {
    endpoint: server.endpoint,
    clientId: outputs['UserPoolClientId']!,
    page: outputs['PageUrl']!,
  };
  const token = (name: string) => signInByCode(client, name);
  return {
    server,
    clients,
    outputs,
    folder,
    config,
    token,
    signIn: async (name, groups) => {
      await makeUser(server, outputs['UserPoolId']!, name, [...groups]);
      return openApi(outputs['ApiUrl']!, await token(name));
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function allowMailOf(server: AwsServer, { lambda }: Clients, FunctionName: string): Promise<void> {
  const { Role = '' } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  await allowMail(server, Role.slice(Role.lastIndexOf('/') + 1));
}

export function makeRunFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'cofre-cloud-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

function configurationOf({ sources, databases = {}, aws = {} }: DeployedOptions): object {
  const entries = sources.map(({ name, entry }) => [name, { ...entry, ...databases[name] }]);
  return {
    databases: { ...databases, ...Object.fromEntries(entries) },
    mail: { transport: 'ses:', from: SENDER, recipients: [RECIPIENT] },
    // MiniStack has verified the sender before the stack is there.
    aws: { createSender: false, ...aws },
  };
}
