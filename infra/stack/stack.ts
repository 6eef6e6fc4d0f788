import { join } from 'node:path';
import { Stack, type StackProps } from 'aws-cdk-lib';
import { CfnEmailIdentity } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { ENV, FUNCTION_NAMES, type FunctionName, functionName } from '../../functions/environment.ts';
import type { Deployment } from '../deployment.ts';
import { Alarms, AlarmTopic } from './alarms.ts';
import { Api, addressOf } from './api.ts';
import { arnHere } from './arns.ts';
import { Board } from './dashboard.ts';
import { CofreFunction } from './function.ts';
import { Network } from './network.ts';
import { Outcomes } from './outcomes.ts';
import { addOutputs } from './outputs.ts';
import { allow, permissionsOf } from './permissions.ts';
import { portsOf } from './ports.ts';
import { Schedules } from './schedules.ts';
import { cognitoSettingsJson, SignIn } from './sign-in.ts';
import { sizeOf } from './sizes.ts';
import { Storage } from './storage.ts';

export interface CofreStackProps extends StackProps {
  readonly deployment: Deployment;
  /** Folder with a bundle of each function. */
  readonly bundles: string;
  /** Address of an emulator that stands in for AWS. */
  readonly emulator?: string | undefined;
}

const DESCRIPTIONS: Readonly<Record<FunctionName, string>> = {
  backup: 'Backs up a database',
  restore: 'Restores a backup, or tables of it',
  undo: 'Undoes the latest restore by swap',
  discard: 'Drops what restores by swap have kept',
  verify: 'Reads a backup back',
  prune: 'Removes old backups',
  list: 'Lists backups; tells their age to CloudWatch',
  notify: 'Tells how jobs ended: metrics, mail',
  api: 'The REST API',
  authorizer: 'Checks tokens',
  admin: 'The admin page',
};

/** Functions that reach databases, and so run in their network; all others stay outside of it. */
const AT_DATABASES: readonly FunctionName[] = ['backup', 'restore', 'undo', 'discard'];
/** Of these, the ones that work on SQLite files. */
const ON_FILES: readonly FunctionName[] = ['backup', 'restore'];

export class CofreStack extends Stack {
  constructor(scope: Construct, id: string, props: CofreStackProps) {
    super(scope, id, props);
    const { deployment, emulator } = props;
    const { config } = deployment;
    const { aws } = config;

    const storage = new Storage(this, 'Storage', { settings: aws.bucket, retention: config.retention });
    const alarms = new AlarmTopic(this, 'AlarmTopic', aws.alarms);
    const network = aws.network && new Network(this, 'Network', networkProps(deployment, aws.network));
    const api = new Api(this, 'Api', { name: this.stackName, logDays: aws.logDays });
    const page = addressOf(api.rest, emulator);
    const signIn = this.signIn(deployment, page);

    const settings = signIn
      ? cognitoSettingsJson(this, signIn, emulator && `${emulator}/${signIn.pool.userPoolId}${METADATA}`)
      : oidcSettingsJson(deployment);
    const environment: Environment = { storage, page, signIn: settings };
    const functions = new Construct(this, 'Functions');
    const make = (name: FunctionName) => this.makeFunction(functions, name, props, environment, network);
    const all = Object.fromEntries(FUNCTION_NAMES.map((name) => [name, make(name)])) as Record<
      FunctionName,
      CofreFunction
    >;
    const { backup, restore, undo, verify, prune, list, notify } = lambdasOf(all);
    notify.addToRolePolicy(allow(['sns:Publish'], [alarms.topic.topicArn]));

    const topic = alarms.topic.topicArn;
    new Outcomes(this, 'Outcomes', { backup, restore, undo, verify, notify, alarmTopicArn: topic });
    new Schedules(this, 'Schedules', { config, backup, prune, list });
    api.serve(lambdasOf(all));
    new Alarms(this, 'Alarms', {
      stack: this.stackName,
      config,
      topic: alarms.topic,
      watched: pick(lambdasOf(all), ['notify', 'prune', 'list', 'api', 'authorizer', 'admin']),
      told: pick(lambdasOf(all), ['backup', 'restore', 'undo']),
    });
    new Board(this, 'Board', {
      stack: this.stackName,
      databases: Object.keys(config.databases),
      functions: lambdasOf(all),
      page: `${page}/`,
    });
    if (config.mail?.transport === 'ses:' && aws.createSender)
      new CfnEmailIdentity(this, 'Sender', { emailIdentity: config.mail.from });
    addOutputs(this, { storage, topic, page, signIn, network, config });
  }

  private signIn({ config: { aws } }: Deployment, page: string): SignIn | undefined {
    if (aws.signIn.type !== 'cognito') return undefined;
    return new SignIn(this, 'SignIn', { domainPrefix: aws.signIn.domainPrefix, page: `${page}/` });
  }

  private makeFunction(
    scope: Construct,
    name: FunctionName,
    { deployment, bundles }: CofreStackProps,
    environment: Environment,
    network: Network | undefined,
  ): CofreFunction {
    const { aws } = deployment.config;
    const { storage } = environment;
    const functionArn = (it: FunctionName) =>
      arnHere('lambda', `function:${functionName(this.stackName, it)}`);
    return new CofreFunction(scope, `${name[0]!.toUpperCase()}${name.slice(1)}`, {
      name,
      description: `Cofre: ${DESCRIPTIONS[name]}`,
      code: join(bundles, name),
      size: sizeOf(name, aws),
      environment: environmentOf(name, this.stackName, environment),
      permissions: permissionsOf(name, { storage, deployment, functionArn }),
      logDays: aws.logDays,
      network: AT_DATABASES.includes(name) ? network?.vpcConfig : undefined,
      efs: ON_FILES.includes(name) && deployment.engines.has('sqlite') ? aws.efs : undefined,
    });
  }
}

/** Where Cognito tells of its endpoints (OpenID Connect Discovery 1.0, 4). */
const METADATA = '/.well-known/openid-configuration';

interface Environment {
  readonly storage: Storage;
  readonly page: string;
  /** Settings of lib/sign-in.ts. */
  readonly signIn: string;
}

function environmentOf(name: FunctionName, stack: string, { storage, page, signIn }: Environment) {
  if (name === 'authorizer' || name === 'admin') return { [ENV.signIn]: signIn };
  const all = { [ENV.store]: storage.url, [ENV.stack]: stack };
  // Not the API: its methods depend on its function, and its address on neither.
  return name === 'notify' ? { ...all, [ENV.publicUrl]: page } : all;
}

function oidcSettingsJson({ config: { aws } }: Deployment): string {
  const { type: _, ...settings } = aws.signIn;
  return JSON.stringify(settings);
}

function networkProps(
  { config, engines }: Deployment,
  settings: NonNullable<Deployment['config']['aws']['network']>,
) {
  const urls = Object.values(config.databases).map(({ url }) => url);
  return { settings, ports: portsOf(urls), usesEfs: engines.has('sqlite') };
}

type Lambdas<K extends string> = Record<K, CofreFunction['lambda']>;

function lambdasOf<K extends string>(functions: Record<K, CofreFunction>): Lambdas<K> {
  const entries = Object.entries<CofreFunction>(functions).map(([name, it]) => [name, it.lambda]);
  return Object.fromEntries(entries) as Lambdas<K>;
}

function pick<K extends string>(functions: Lambdas<K>, names: readonly K[]): Lambdas<K> {
  return Object.fromEntries(names.map((name) => [name, functions[name]])) as Lambdas<K>;
}
