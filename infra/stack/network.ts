import { Aws } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnVPCEndpoint } from 'aws-cdk-lib/aws-ec2';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { AwsConfig } from '../../lib/aws-config.ts';

type NetworkSettings = NonNullable<AwsConfig['network']>;

const HTTPS = 443;
const NFS = 2_049;
const ANYWHERE = '0.0.0.0/0';

export interface NetworkProps {
  readonly settings: NetworkSettings;
  /** Ports of the databases' servers; `undefined` among them when one is a secret. */
  readonly ports: readonly (number | undefined)[];
  readonly usesEfs: boolean;
}

/** The network that databases are reached from: somebody else's, by its ids, and what they ask to be made in it. */
export class Network extends Construct {
  readonly vpcConfig: CfnFunction.VpcConfigProperty;
  /** Of the group made here, which the databases have to let in; `undefined` when groups were given. */
  readonly securityGroupId: string | undefined;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { settings } = props;
    const given = settings.securityGroupIds;
    this.securityGroupId = given.length > 0 ? undefined : this.makeGroup(props).attrGroupId;
    const securityGroupIds = this.securityGroupId === undefined ? [...given] : [this.securityGroupId];
    this.vpcConfig = { subnetIds: [...settings.subnetIds], securityGroupIds };
    if (settings.create.s3Endpoint) this.makeS3Endpoint(settings);
    if (settings.create.secretsEndpoint) this.makeSecretsEndpoint(settings, securityGroupIds);
  }

  /** Lets nothing in, and out only to databases, to the file system and to AWS. */
  private makeGroup({ settings, ports, usesEfs }: NetworkProps): CfnSecurityGroup {
    const egress = (fromPort: number, toPort: number, description: string) => ({
      ipProtocol: 'tcp',
      fromPort,
      toPort,
      cidrIp: ANYWHERE,
      description,
    });
    const known = [...new Set(ports)].map((port) =>
      port === undefined ? egress(1_024, 65_535, 'Databases') : egress(port, port, `Databases on ${port}`),
    );
    return new CfnSecurityGroup(this, 'Group', {
      vpcId: settings.vpcId,
      groupDescription: 'Cofre: functions that work on databases',
      securityGroupEgress: [
        egress(HTTPS, HTTPS, 'S3 and Secrets Manager'),
        ...known,
        ...(usesEfs ? [egress(NFS, NFS, 'EFS')] : []),
      ],
    });
  }

  /** Costs nothing, and keeps backups off NAT gateways. */
  private makeS3Endpoint({ vpcId, routeTableIds }: NetworkSettings): void {
    const serviceName = `com.amazonaws.${Aws.REGION}.s3`;
    const where = { vpcId, routeTableIds: [...routeTableIds] };
    new CfnVPCEndpoint(this, 'S3', { ...where, serviceName, vpcEndpointType: 'Gateway' });
  }

  private makeSecretsEndpoint({ vpcId, subnetIds }: NetworkSettings, clients: readonly string[]): void {
    const group = new CfnSecurityGroup(this, 'SecretsGroup', {
      vpcId,
      groupDescription: 'Cofre: its functions reach Secrets Manager',
      securityGroupIngress: clients.map((sourceSecurityGroupId) => ({
        ipProtocol: 'tcp',
        fromPort: HTTPS,
        toPort: HTTPS,
        sourceSecurityGroupId,
        description: 'Functions of Cofre',
      })),
    });
    new CfnVPCEndpoint(this, 'Secrets', {
      vpcId,
      serviceName: `com.amazonaws.${Aws.REGION}.secretsmanager`,
      vpcEndpointType: 'Interface',
      privateDnsEnabled: true,
      subnetIds: [...subnetIds],
      securityGroupIds: [group.attrGroupId],
    });
  }
}
