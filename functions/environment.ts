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

/** Environment variables that the stack sets and the functions read. */
export const ENV = {
  /** `s3://bucket/prefix` */
  store: 'COFRE_STORE',
  /** Path of the configuration, when it is not `cofre.json` beside the bundle. */
  configFile: 'COFRE_CONFIG_FILE',
  /** Name of the stack, for functions that invoke others. */
  stack: 'COFRE_STACK',
  /** Address of the admin page, without a slash at the end. */
  publicUrl: 'COFRE_PUBLIC_URL',
  /** How people sign in, as JSON (lib/sign-in.ts): for the authorizer and the admin page. */
  signIn: 'COFRE_SIGN_IN',
} as const;

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
  functionOf: (name: FunctionName) => `${name[0]!.toUpperCase()}${name.slice(1)}Function`,
} as const;
