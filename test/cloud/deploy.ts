import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { AwsServer } from '../servers/aws-server.ts';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
const CDK = join(ROOT, 'node_modules/aws-cdk/bin/cdk');
/** The account that MiniStack is. */
export const ACCOUNT = '000000000000';

/** What a child process needs to speak with the emulator: the CDK, the command line, a user's script. */
export function environmentOf({
  endpoint,
  region,
  credentials,
  certificate,
}: AwsServer): Record<string, string> {
  const { PATH = '', HOME = '/' } = process.env;
  return {
    PATH: `${join(ROOT, 'node_modules/.bin')}:${PATH}`,
    HOME,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(certificate && { NODE_EXTRA_CA_CERTS: certificate, AWS_CA_BUNDLE: certificate }),
    // Asks the internet otherwise.
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}

async function cdk(server: AwsServer, cwd: string, args: readonly string[]): Promise<string> {
  try {
    const options = { cwd, env: environmentOf(server), maxBuffer: Number.POSITIVE_INFINITY };
    const { stdout } = await run(process.execPath, [CDK, ...args, '--ci', '--no-notices'], options);
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const tail = `${stdout}\n${stderr}`.split('\n').slice(-60).join('\n');
    throw new Error(`cdk ${args[0]} failed:\n${tail}`, { cause: error });
  }
}

/** Once for an account and region. `folder` is one without a `cdk.json`. */
export async function bootstrap(server: AwsServer, folder: string): Promise<void> {
  await cdk(server, folder, ['bootstrap', `aws://${ACCOUNT}/${server.region}`]);
}

/** `cdk deploy` of the real stack with a configuration; gives its outputs. Files go into `folder`. */
export async function deploy(
  server: AwsServer,
  config: string,
  folder: string,
): Promise<Record<string, string>> {
  const outputs = join(folder, 'outputs.json');
  const where = ['--output', join(folder, 'cdk.out'), '--outputs-file', outputs];
  const context = ['-c', `config=${config}`, '-c', `emulator=${server.endpoint}`];
  await cdk(server, ROOT, ['deploy', '--require-approval', 'never', ...where, ...context]);
  const [stack] = Object.values(JSON.parse(readFileSync(outputs, 'utf8')) as object);
  return stack as Record<string, string>;
}
