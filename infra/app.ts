// The CDK app: `npx cdk deploy` runs it (cdk.json). What is deployed is in cofre.json, or the file that COFRE_CONFIG or
// `-c config=FILE` names.
import { resolve } from 'node:path';
import process from 'node:process';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { toCofreError } from '../lib/errors.ts';
import { bundleFunctions } from './bundle.ts';
import { planDeployment } from './deployment.ts';
import { CofreStack } from './stack/stack.ts';

async function synthesize(): Promise<void> {
  const app = new App();
  // Beside the assembly, so that two runs with folders of their own do not meet.
  const bundles = `${resolve(app.outdir)}-bundles`;
  const file = app.node.tryGetContext('config') ?? process.env['COFRE_CONFIG'] ?? 'cofre.json';
  // Address of an emulator (MiniStack, LocalStack) whose Lambdas run on this machine.
  const emulator: string | undefined = app.node.tryGetContext('emulator');
  const deployment = planDeployment(file, { emulated: emulator !== undefined });
  const { engines, configuration, files, config } = deployment;
  await bundleFunctions(bundles, { engines, configuration, files, folder: config.folder });
  new CofreStack(app, 'Cofre', {
    stackName: config.aws.stackName,
    description: 'Cofre: database backups',
    ...where(process.env),
    deployment,
    bundles,
    emulator,
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

/** Set by the CDK from whoever deploys; without credentials the template fits any account. */
function where({ CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region }: NodeJS.ProcessEnv) {
  return account && region ? { env: { account, region } } : {};
}

try {
  await synthesize();
} catch (error) {
  const { message, hint } = toCofreError(error);
  process.stderr.write(`cofre: ${message}${hint ? `\n  ${hint}` : ''}\n`);
  process.exit(1);
}
