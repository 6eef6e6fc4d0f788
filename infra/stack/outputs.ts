import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { Config } from '../../lib/config.ts';
import { FUNCTION_NAMES, functionName, OUTPUT } from '../../lib/stack-names.ts';
import type { Network } from './network.ts';
import type { SignIn } from './sign-in.ts';
import type { Storage } from './storage.ts';

export interface OutputInput {
  readonly storage: Storage;
  readonly topic: string;
  /** Without a slash at the end. */
  readonly page: string;
  readonly signIn: SignIn | undefined;
  readonly network: Network | undefined;
  readonly config: Config;
}

/** What the command line and the stack's admin need to know, and what to do next. */
export function addOutputs(stack: Stack, input: OutputInput): void {
  const { storage, topic, page, signIn, network } = input;
  const out = (key: string, value: string, description: string) =>
    new CfnOutput(stack, key, { value, description });
  out(OUTPUT.page, `${page}/`, 'The admin page');
  out(OUTPUT.api, `${page}/api`, 'The REST API; its description is at /openapi.json below it');
  out(OUTPUT.store, storage.url, 'Where the backups are');
  out(OUTPUT.bucket, storage.bucket.bucketName, 'Their bucket');
  out(OUTPUT.alarms, topic, 'Topic of the alarms');
  if (signIn) {
    out(OUTPUT.userPool, signIn.pool.userPoolId, 'Who may sign in');
    out(OUTPUT.client, signIn.client.userPoolClientId, 'Client id of the admin page');
    out(OUTPUT.signIn, signIn.domain.baseUrl(), 'Where people sign in');
  }
  if (network?.securityGroupId)
    out(OUTPUT.securityGroup, network.securityGroupId, 'Let this group in at your databases');
  for (const name of FUNCTION_NAMES)
    out(OUTPUT.functionOf(name), functionName(stack.stackName, name), `Function ${name}`);
  out(OUTPUT.firstSteps, firstSteps(stack, input).join(' | '), 'What to do next');
}

function firstSteps(stack: Stack, { signIn, network, config }: OutputInput): string[] {
  const pool = signIn?.pool.userPoolId;
  const user = `aws cognito-idp admin-create-user --user-pool-id ${pool} --username YOU@EXAMPLE.COM --user-attributes Name=email,Value=YOU@EXAMPLE.COM`;
  const group = `aws cognito-idp admin-add-user-to-group --user-pool-id ${pool} --username YOU@EXAMPLE.COM --group-name admin`;
  const steps = [
    ...(network?.securityGroupId ? [`Let ${network.securityGroupId} in at your databases`] : []),
    ...(signIn ? [user, group] : [`Register the page's address with your issuer as a redirect URI`]),
    ...(config.mail?.transport === 'ses:' ? [`Follow the link that SES mails to ${config.mail.from}`] : []),
    ...(config.aws.alarms.emails.length > 0
      ? ['Confirm the subscriptions of the alarms, by the mail of SNS']
      : []),
    `npm run -s cofre -- --stack ${stack.stackName} backup --database ${Object.keys(config.databases)[0]}`,
  ];
  return steps.map((step, index) => `${index + 1}. ${step}`);
}
