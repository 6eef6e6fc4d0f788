import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESClient } from '@aws-sdk/client-ses';
import type { AwsServer } from '../servers/aws-server.ts';

/** Clients of the emulator, as a person with all rights in the account. */
export interface Clients extends Disposable {
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
  readonly secrets: SecretsManagerClient;
  readonly ses: SESClient;
  readonly cloudFormation: CloudFormationClient;
}

export function openClients({ endpoint, region, credentials }: AwsServer): Clients {
  const settings = { endpoint, region, credentials };
  const clients = {
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    lambda: new LambdaClient(settings),
    secrets: new SecretsManagerClient(settings),
    ses: new SESClient(settings),
    cloudFormation: new CloudFormationClient(settings),
  };
  return {
    ...clients,
    [Symbol.dispose]: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
