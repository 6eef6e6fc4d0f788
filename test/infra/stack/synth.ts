import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll } from 'vitest';
import cdkJson from '../../../cdk.json' with { type: 'json' };
import { planDeployment } from '../../../infra/deployment.ts';
import { CofreStack } from '../../../infra/stack/stack.ts';
import { FUNCTION_NAMES } from '../../../lib/stack-names.ts';

/** A stack as `cdk synth` makes it, but for its bundles, which are empty: nobody runs them here. */
export interface Synthesized {
  readonly app: App;
  readonly stack: CofreStack;
  readonly template: Template;
}

export const SQLITE = { url: 'sqlite:/mnt/databases/helpdesk.sqlite3', schedule: 'cron(0 2 * * ? *)' };
export const POSTGRES = {
  engine: 'postgres',
  host: 'db.example.com',
  user: 'shop',
  password: '${secret:prod/shop#password}',
  database: 'shop',
  schedule: 'rate(6 hours)',
};
export const MAIL = { transport: 'ses:', from: 'backups@example.com', recipients: ['team@example.org'] };
export const NETWORK = {
  vpcId: 'vpc-0a1b2c3d4e5f60718',
  subnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
  routeTableIds: ['rtb-0a1b2c3d4e5f60718'],
  create: { s3Endpoint: true, secretsEndpoint: true },
};
export const EFS = { fileSystemId: 'fs-0a1b2c3d4e5f60718', accessPointId: 'fsap-0a1b2c3d4e5f60718' };

/** All that can be configured. */
export const EVERYTHING = {
  databases: { helpdesk: SQLITE, shop: POSTGRES },
  mail: MAIL,
  aws: {
    network: NETWORK,
    efs: EFS,
    bucket: { kmsKey: 'create', lockDays: 3, copyTo: 'arn:aws:s3:::copies' },
    secretKeys: ['arn:aws:kms:eu-west-1:111111111111:key/1'],
    alarms: { emails: ['ops@example.com'] },
    prune: { keepLast: 30 },
    functions: { backup: { memory: 3_008, storage: 2_048, concurrency: 3 } },
  },
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cofre-synth-'));
  folders.push(folder);
  return folder;
}

/** @throws {CofreError} `CONFIG_INVALID` */
export function plan(config: object, emulated = false) {
  const file = join(makeFolder(), 'cofre.json');
  writeFileSync(file, JSON.stringify(config));
  return planDeployment(file, { emulated });
}

export function synthesize(config: object): Synthesized {
  const bundles = makeFolder();
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(bundles, name));
    writeFileSync(join(bundles, name, 'index.mjs'), `export const handler = '${name}';`);
  }
  const app = new App({ context: cdkJson.context, outdir: makeFolder() });
  const deployment = plan(config);
  const stack = new CofreStack(app, 'Cofre', { stackName: 'cofre', deployment, bundles });
  return { app, stack, template: Template.fromStack(stack) };
}
