// `npm run localstack`: deploys the real stack to the LocalStack of compose.yaml and makes a first backup of each database.
// `node infra/local/run.mjs infra/local/emulator.ts --endpoint URL --config FILE` does so on any other emulator.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import type { Outcome } from '../../functions/outcome.ts';
import { loadConfig } from '../../lib/config.ts';
import { known } from '../../lib/known.ts';
import { OUTPUT } from '../../lib/stack-names.ts';
import { composeConfiguration, composeSecrets } from './compose.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDER = resolve(ROOT, '.cache/emulator');
const START_MS = 120_000;
const say = (line: string) => void process.stdout.write(`${line}\n`);

const { endpoint, config } = parseArgs({
  options: {
    endpoint: { type: 'string', default: 'http://127.0.0.1:4566' },
    config: { type: 'string' },
  },
}).values;

// Any credentials do, but the SDK and the CDK ask for some.
Object.assign(process.env, {
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: process.env['AWS_REGION'] ?? 'us-east-1',
  AWS_ACCESS_KEY_ID: process.env['AWS_ACCESS_KEY_ID'] ?? 'test',
  AWS_SECRET_ACCESS_KEY: process.env['AWS_SECRET_ACCESS_KEY'] ?? 'test',
});

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await untilHealthy();
  const file = config ?? (await prepare());
  await cdk('bootstrap', FOLDER, `aws://000000000000/${process.env['AWS_REGION']}`);
  const context = ['-c', `config=${resolve(file)}`, '-c', `emulator=${endpoint}`];
  const output = ['--outputs-file', join(FOLDER, 'outputs.json'), '--output', join(FOLDER, 'cdk.out')];
  await cdk('deploy', ROOT, '--require-approval', 'never', ...output, ...context);
  const outputs = Object.values(JSON.parse(readFileSync(join(FOLDER, 'outputs.json'), 'utf8')))[0] as Outputs;
  for (const database of Object.keys(loadConfig(file, process.cwd()).databases))
    await firstBackup(known(outputs[OUTPUT.functionOf('backup')], 'The output for backups'), database);
  for (const name of [OUTPUT.page, OUTPUT.api, OUTPUT.store]) say(`${name.padEnd(10)} ${outputs[name]}`);
  say(`Go on:  AWS_ENDPOINT_URL=${endpoint} npm run -s cofre -- --stack cofre list`);
}

type Outputs = Readonly<Record<string, string>>;

async function untilHealthy(): Promise<void> {
  const end = Date.now() + START_MS;
  while (Date.now() < end) {
    const answer = await fetch(`${endpoint}/_localstack/health`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(1_000);
  }
  throw new Error(`Nothing answers at ${endpoint}. Start it: docker compose up --wait`);
}

/** The databases of compose.yaml, their secrets and a verified sender. Gives the path of their configuration. */
async function prepare(): Promise<string> {
  const file = join(FOLDER, 'cofre.json');
  const configuration = composeConfiguration();
  writeFileSync(file, JSON.stringify(configuration, null, 2));
  const secrets = new SecretsManagerClient();
  for (const [Name, SecretString] of Object.entries(composeSecrets))
    await secrets.send(new CreateSecretCommand({ Name, SecretString })).catch(unlessThere);
  await new SESClient().send(new VerifyEmailIdentityCommand({ EmailAddress: configuration.mail.from }));
  return file;
}

function unlessThere(error: Error): void {
  if (error.name !== 'ResourceExistsException') throw error;
}

async function cdk(command: string, cwd: string, ...args: string[]): Promise<void> {
  const program = join(ROOT, 'node_modules/aws-cdk/bin/cdk');
  // The app runs `node`: ours, not the machine's.
  const PATH = `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH']}`;
  const child = spawn(process.execPath, [program, command, ...args, '--ci'], {
    cwd,
    env: { ...process.env, PATH },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`cdk ${command} ended with ${code}.`);
}

async function firstBackup(FunctionName: string, database: string): Promise<void> {
  const Payload = Buffer.from(JSON.stringify({ database, actor: 'npm run localstack' }));
  const { Payload: answer } = await new LambdaClient().send(new InvokeCommand({ FunctionName, Payload }));
  const outcome = JSON.parse(
    Buffer.from(known(answer, 'The answer to an invocation')).toString('utf8'),
  ) as Outcome;
  const told =
    outcome.status === 'succeeded' ? (outcome.result as { id: string }).id : JSON.stringify(outcome);
  say(`First backup of ${database}: ${told}`);
}

await main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
