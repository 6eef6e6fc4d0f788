import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { AwsConfig } from '../../lib/aws-config.ts';
import type { FunctionName } from '../../lib/stack-names.ts';
import type { Deployment } from '../deployment.ts';
import { arnHere, secretArn } from './arns.ts';
import type { Storage } from './storage.ts';

/** Kinds of rights on objects; `prefix` is all of Cofre's, `jobs` and `locks` are folders in it. */
const OBJECT_ACTIONS = {
  read: ['s3:GetObject', 's3:GetObjectTagging'],
  write: ['s3:PutObject', 's3:PutObjectTagging', 's3:AbortMultipartUpload'],
  tag: ['s3:PutObjectTagging'],
  remove: ['s3:DeleteObject', 's3:AbortMultipartUpload'],
} as const;
type ObjectRight = keyof typeof OBJECT_ACTIONS;
type Place = 'prefix' | 'jobs' | 'locks';

interface Rights {
  readonly objects: Partial<Record<Place, readonly ObjectRight[]>>;
  /** Reads the secrets of the databases, or of the mail server. */
  readonly secrets?: 'databases' | 'mail';
  /** Functions that it invokes. */
  readonly invokes?: readonly FunctionName[];
  /** Sends by SES. */
  readonly mails?: true;
  /** Lambda tells the alarms' topic when it fails. */
  readonly alarms?: true;
}

const WORKS = { objects: { prefix: ['read', 'write', 'remove'] }, secrets: 'databases' } as const;

/** What each function may do, and nothing more. */
export const RIGHTS: Readonly<Record<FunctionName, Rights>> = {
  backup: { ...WORKS, invokes: ['notify'] },
  // Makes a safety backup first.
  restore: { ...WORKS, invokes: ['notify'] },
  undo: {
    objects: { jobs: ['read', 'write'], locks: ['read', 'write'] },
    secrets: 'databases',
    invokes: ['notify'],
  },
  discard: { objects: {}, secrets: 'databases' },
  verify: { objects: { prefix: ['read'], jobs: ['write'] } },
  prune: { objects: { prefix: ['read', 'tag', 'remove'] }, invokes: ['discard'] },
  list: { objects: { prefix: ['read'] } },
  notify: { objects: { prefix: ['read'] }, secrets: 'mail', mails: true, alarms: true },
  api: {
    objects: { prefix: ['read'], jobs: ['write'] },
    invokes: ['backup', 'restore', 'undo', 'verify', 'prune'],
  },
  authorizer: { objects: {} },
  admin: { objects: {} },
};

export interface PermissionInput {
  readonly storage: Storage;
  readonly deployment: Deployment;
  readonly alarmTopicArn: string;
  /** ARN of a function by its name. */
  readonly functionArn: (name: FunctionName) => string;
}

/** The statements of a function's role, but for its log and its network. */
export function permissionsOf(name: FunctionName, input: PermissionInput): PolicyStatement[] {
  const { objects, secrets, invokes = [], mails, alarms } = RIGHTS[name];
  return [
    ...objectStatements(objects, input),
    ...(secrets ? secretStatements(input.deployment.secrets[secrets], input.deployment.config.aws) : []),
    ...(invokes.length === 0 ? [] : [allow(['lambda:InvokeFunction'], invokes.map(input.functionArn))]),
    ...(mails ? mailStatements(input.deployment) : []),
    ...(alarms ? [allow(['sns:Publish'], [input.alarmTopicArn])] : []),
  ];
}

export function allow(actions: readonly string[], resources: readonly string[], conditions = {}) {
  return new PolicyStatement({ actions: [...actions], resources: [...resources], conditions });
}

function objectStatements(objects: Rights['objects'], { storage, deployment }: PermissionInput) {
  const { bucket, key } = storage;
  const { prefix } = deployment.config.aws.bucket;
  const folders: Record<Place, string> = {
    prefix: `${prefix}/*`,
    jobs: `${prefix}/jobs/*`,
    locks: `${prefix}/locks/*`,
  };
  const places = Object.entries(objects) as [Place, readonly ObjectRight[]][];
  if (places.length === 0) return [];
  const statements = places.map(([place, rights]) =>
    allow([...new Set(rights.flatMap((it) => OBJECT_ACTIONS[it]))], [bucket.arnForObjects(folders[place])]),
  );
  const writes = places.some(([, rights]) => rights.includes('write'));
  const clears = places.some(([, rights]) => rights.includes('remove'));
  // Without the right to list, S3 says 403 instead of 404 of what is not there (GetObject, "Permissions").
  const whole = ['s3:ListBucket', ...(clears ? ['s3:ListBucketMultipartUploads'] : [])];
  const keys = key ? [allow(['kms:Decrypt', ...(writes ? ['kms:GenerateDataKey'] : [])], [key.keyArn])] : [];
  return [...statements, allow(whole, [bucket.bucketArn]), ...keys];
}

function secretStatements(secrets: readonly string[], { secretKeys }: AwsConfig) {
  if (secrets.length === 0) return [];
  const read = allow(['secretsmanager:GetSecretValue'], secrets.map(secretArn));
  if (secretKeys.length === 0) return [read];
  const via = { StringEquals: { 'kms:ViaService': `secretsmanager.${Aws.REGION}.${Aws.URL_SUFFIX}` } };
  return [read, allow(['kms:Decrypt'], secretKeys, via)];
}

/**
 * From the one sender. While an account is in SES's sandbox, the right is asked for on the recipients' identities too,
 * whose sending the condition leaves out (an emulator may not know it).
 */
function mailStatements({ config }: Deployment) {
  const { mail, databases } = config;
  if (mail?.transport !== 'ses:') return [];
  const recipients = [...mail.recipients, ...Object.values(databases).flatMap((it) => it.recipients)];
  const identities = [mail.from, ...recipients].flatMap((it) => [it, it.slice(it.indexOf('@') + 1)]);
  const from = { StringEqualsIfExists: { 'ses:FromAddress': mail.from } };
  const arns = [...new Set(identities)].map((it) => arnHere('ses', `identity/${it}`));
  return [allow(['ses:SendRawEmail'], arns, from)];
}
