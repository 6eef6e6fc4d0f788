import { Stack, type StackProps } from 'aws-cdk-lib';
import { CfnEmailIdentity } from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { Alarms, AlarmTopic } from './alarms.ts';
import { Api, addressOf } from './api.ts';
import { Board } from './dashboard.ts';
import { Functions } from './functions.ts';
import { Network } from './network.ts';
import { Outcomes } from './outcomes.ts';
import { addOutputs } from './outputs.ts';
import { portsOf } from './ports.ts';
import { Schedules } from './schedules.ts';
import { SignIn, signInSettings } from './sign-in.ts';
import { Storage } from './storage.ts';

export interface CofreStackProps extends StackProps {
  readonly deployment: Deployment;
  /** Folder with a bundle of each function. */
  readonly bundles: string;
  /** Address of an emulator that stands in for AWS. */
  readonly emulator?: string | undefined;
}

/** Everything, in the order in which it is needed. */
export class CofreStack extends Stack {
  constructor(scope: Construct, id: string, props: CofreStackProps) {
    super(scope, id, props);
    const { deployment, bundles, emulator } = props;
    const { config } = deployment;
    const { aws } = config;

    const storage = new Storage(this, 'Storage', { settings: aws.bucket, retention: config.retention });
    const { topic } = new AlarmTopic(this, 'AlarmTopic', aws.alarms);
    const network = this.makeNetwork(deployment);
    const api = new Api(this, 'Api', { name: this.stackName, logDays: aws.logDays });
    const page = addressOf(api.rest, emulator);
    const signIn = this.makeSignIn(deployment, page);
    const functions = new Functions(this, 'Functions', {
      deployment,
      bundles,
      storage,
      network,
      page,
      signIn: signInSettings(this, aws.signIn, signIn, emulator),
      alarmTopicArn: topic.topicArn,
    });
    new Outcomes(this, 'Outcomes', { ...functions.lambdas, alarmTopicArn: topic.topicArn });
    new Schedules(this, 'Schedules', { ...functions.lambdas, config });
    api.serve(functions.lambdas);
    this.makeSender(deployment);

    const stack = this.stackName;
    const watched = functions.pick(['notify', 'prune', 'list', 'api', 'authorizer', 'admin']);
    const told = functions.pick(['backup', 'restore', 'undo']);
    new Alarms(this, 'Alarms', { stack, config, topic, watched, told });
    const databases = Object.keys(config.databases);
    new Board(this, 'Board', { stack, databases, functions: functions.lambdas, page: `${page}/` });
    addOutputs(this, { storage, topic: topic.topicArn, page, signIn, network, config });
  }

  private makeNetwork({ config: { aws, databases }, onFiles }: Deployment): Network | undefined {
    if (!aws.network) return undefined;
    const ports = portsOf(Object.values(databases).map(({ url }) => url));
    return new Network(this, 'Network', { settings: aws.network, ports, usesEfs: onFiles });
  }

  private makeSignIn({ config: { aws } }: Deployment, page: string): SignIn | undefined {
    if (aws.signIn.type !== 'cognito') return undefined;
    return new SignIn(this, 'SignIn', { domainPrefix: aws.signIn.domainPrefix, page: `${page}/` });
  }

  /** SES mails a link to the address, and sends for it once somebody has followed it. */
  private makeSender({ config: { mail, aws } }: Deployment): void {
    if (mail?.transport === 'ses:' && aws.createSender)
      new CfnEmailIdentity(this, 'Sender', { emailIdentity: mail.from });
  }
}
