import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ENV } from '../../functions/environment.ts';
import { capitalized, FUNCTION_NAMES, type FunctionName, functionName } from '../../lib/stack-names.ts';
import type { Deployment } from '../deployment.ts';
import { arnHere } from './arns.ts';
import { CofreFunction } from './function.ts';
import type { Network } from './network.ts';
import { permissionsOf } from './permissions.ts';
import { sizeOf } from './sizes.ts';
import type { Storage } from './storage.ts';

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

export interface FunctionsProps {
  readonly deployment: Deployment;
  /** Folder with a bundle of each function. */
  readonly bundles: string;
  readonly storage: Storage;
  readonly network: Network | undefined;
  readonly alarmTopicArn: string;
  /** Address of the admin page, without a slash at the end. */
  readonly page: string;
  /** How people sign in, as JSON; see lib/sign-in.ts. */
  readonly signIn: string;
}

/** All functions, each with what it needs. */
export class Functions extends Construct {
  readonly lambdas: Readonly<Record<FunctionName, IFunction>>;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const entries = FUNCTION_NAMES.map((name) => [name, this.make(name, props).lambda]);
    this.lambdas = Object.fromEntries(entries) as Record<FunctionName, IFunction>;
  }

  /** Some of them, by name. */
  pick<K extends FunctionName>(names: readonly K[]): Readonly<Record<K, IFunction>> {
    return Object.fromEntries(names.map((name) => [name, this.lambdas[name]])) as Record<K, IFunction>;
  }

  private make(name: FunctionName, props: FunctionsProps): CofreFunction {
    const { deployment, bundles, network } = props;
    const { aws } = deployment.config;
    const { stackName } = Stack.of(this);
    const functionArn = (it: FunctionName) => arnHere('lambda', `function:${functionName(stackName, it)}`);
    return new CofreFunction(this, capitalized(name), {
      name,
      description: `Cofre: ${DESCRIPTIONS[name]}`,
      code: join(bundles, name),
      size: sizeOf(name, aws),
      environment: environmentOf(name, stackName, props),
      permissions: permissionsOf(name, { ...props, functionArn }),
      logDays: aws.logDays,
      network: AT_DATABASES.includes(name) ? network?.vpcConfig : undefined,
      efs: ON_FILES.includes(name) && deployment.onFiles ? aws.efs : undefined,
    });
  }
}

function environmentOf(name: FunctionName, stack: string, { storage, page, signIn }: FunctionsProps) {
  if (name === 'authorizer' || name === 'admin') return { [ENV.signIn]: signIn };
  const all = { [ENV.store]: storage.url, [ENV.stack]: stack };
  return name === 'notify' ? { ...all, [ENV.publicUrl]: page } : all;
}
