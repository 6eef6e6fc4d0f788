/** The deployed functions: each with a bundle, a role and a log group of its own. */
export const FUNCTION_NAMES = [
  'backup',
  'restore',
  'undo',
  'discard',
  'verify',
  'prune',
  'list',
  'notify',
  'api',
  'authorizer',
  'admin',
] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** What a function is called in AWS. */
export function functionName(stack: string, name: FunctionName): string {
  return `${stack}-${name}`;
}

/** `Backup` of `backup`: how constructs and outputs are called. */
export function capitalized(name: FunctionName): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Keys of the stack's outputs: what the command line and its admin need to know. */
export const OUTPUT = {
  page: 'PageUrl',
  api: 'ApiUrl',
  store: 'Store',
  bucket: 'BucketName',
  alarms: 'AlarmTopicArn',
  userPool: 'UserPoolId',
  client: 'UserPoolClientId',
  signIn: 'SignInUrl',
  securityGroup: 'SecurityGroupId',
  firstSteps: 'FirstSteps',
  /** Output of a function's name: `BackupFunction`. */
  functionOf: (name: FunctionName) => `${capitalized(name)}Function`,
} as const;
