import { Aws } from 'aws-cdk-lib';

/** ARN of a resource in the account and region of the stack. */
export function arnHere(service: string, resource: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
}

/** ARN of a secret that is named in either way; Secrets Manager adds six characters to the ARN of a name. */
export function secretArn(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn : arnHere('secretsmanager', `secret:${nameOrArn}-??????`);
}
