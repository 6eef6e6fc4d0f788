import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Why a resource of a statement ends in, or is, a wildcard. What matches none of these stays a finding. */
const REASONS: readonly (readonly [resource: RegExp, reason: string])[] = [
  [/:log-stream:\*$/, 'Lambda names the streams of the function’s own log group.'],
  [/^<Storage.*\.Arn>\/.*\/\*$/, 'All objects below the prefix, or this folder of it, are Cofre’s own.'],
  [
    /:identity\/\*$/,
    'SES asks for the right on recipients’ identities too; the condition holds it to one sender.',
  ],
  [
    /^\*$/,
    'Network interfaces have no names before Lambda makes them; the function itself is denied all of it.',
  ],
];

/** Explains the wildcards in a role's statements to cdk-nag, one by one. */
export function acknowledgeWildcards(role: Construct, statements: readonly PolicyStatement[]): void {
  const stack = Stack.of(role);
  const resources = statements.flatMap(({ resources: all }) => all.map((it) => flatten(stack.resolve(it))));
  for (const resource of new Set(resources.filter((it) => it.includes('*')))) {
    const reason = REASONS.find(([pattern]) => pattern.test(resource))?.[1];
    if (reason !== undefined)
      Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
  }
}

/** Copies go from all objects of one bucket to all of another: nothing less would be a copy. */
export function acknowledgeCopies(bucket: Construct & { readonly bucketArn: string }, target: string): void {
  const from = flatten(Stack.of(bucket).resolve(bucket.bucketArn));
  const reason = 'The role of S3 itself, which copies every object of the bucket to the other one.';
  for (const resource of [`${from}/*`, `${target}/*`])
    Validations.of(bucket).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
}

/** A resolved ARN as cdk-nag writes it: references in angle brackets. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[word, argument]] = Object.entries(value as object) as [[string, unknown]];
  if (word === 'Fn::Join') return (argument as [string, unknown[]])[1].map(flatten).join('');
  return `<${Array.isArray(argument) ? argument.join('.') : String(argument)}>`;
}
