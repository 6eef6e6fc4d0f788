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
