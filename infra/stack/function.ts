import { Duration, RemovalPolicy, Stack, Size as Storage } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AwsConfig } from '../../lib/aws-config.ts';
import { type FunctionName, functionName } from '../../lib/stack-names.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import { arnHere } from './arns.ts';
import { allow } from './permissions.ts';
import type { Size } from './sizes.ts';

export interface CofreFunctionProps {
  readonly name: FunctionName;
  readonly description: string;
  /** Folder of the bundle. */
  readonly code: string;
  readonly size: Size;
  readonly environment: Record<string, string>;
  readonly permissions: readonly PolicyStatement[];
  readonly logDays: number;
  readonly network?: CfnFunction.VpcConfigProperty | undefined;
  readonly efs?: AwsConfig['efs'];
}

/** A function with a role and a log of its own. */
export class CofreFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, props: CofreFunctionProps) {
    super(scope, id);
    const { size } = props;
    const name = functionName(Stack.of(this).stackName, props.name);
    this.log = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${name}`,
      retention: props.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = this.makeRole(props, name);
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: name,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(props.code),
      role: this.role,
      memorySize: size.memory,
      timeout: Duration.seconds(size.seconds),
      ephemeralStorageSize: Storage.mebibytes(size.storage),
      ...(size.concurrency && { reservedConcurrentExecutions: size.concurrency }),
      environment: props.environment,
      logGroup: this.log,
      loggingFormat: LoggingFormat.JSON,
    });
    this.connect(props);
  }

  private makeRole({ permissions, network, efs, name }: CofreFunctionProps, fullName: string): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${name} of Cofre may do`,
    });
    const log = arnHere('logs', `log-group:/aws/lambda/${fullName}:log-stream:*`);
    const statements = [allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [log]), ...permissions];
    if (network) statements.push(...networkStatements(fullName));
    if (efs) statements.push(efsStatement(efs));
    for (const statement of statements) role.addToPolicy(statement);
    acknowledgeWildcards(role, statements);
    return role;
  }

  /** By ids alone, without constructs of a network that is not ours. */
  private connect({ network, efs }: CofreFunctionProps): void {
    const resource = this.lambda.node.defaultChild as CfnFunction;
    if (network) resource.vpcConfig = network;
    if (!efs) return;
    const arn = arnHere('elasticfilesystem', `access-point/${efs.accessPointId}`);
    resource.fileSystemConfigs = [{ arn, localMountPath: efs.mountPath }];
  }
}

/**
 * Lambda makes network interfaces with the role of the function; the function itself is denied it
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html, "Required IAM permissions").
 */
function networkStatements(fullName: string): PolicyStatement[] {
  const actions = [
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ];
  const own = { ArnEquals: { 'lambda:SourceFunctionArn': [arnHere('lambda', `function:${fullName}`)] } };
  const resources = ['*'];
  return [
    allow(actions, resources),
    new PolicyStatement({ effect: Effect.DENY, actions, resources, conditions: own }),
  ];
}

function efsStatement({ fileSystemId, accessPointId }: NonNullable<AwsConfig['efs']>): PolicyStatement {
  const accessPoint = arnHere('elasticfilesystem', `access-point/${accessPointId}`);
  return allow(
    ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
    [arnHere('elasticfilesystem', `file-system/${fileSystemId}`)],
    { StringEquals: { 'elasticfilesystem:AccessPointArn': accessPoint } },
  );
}
