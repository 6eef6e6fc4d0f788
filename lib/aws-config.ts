import { z } from 'zod';
import { days } from './requests/fields.ts';
import { keepLast } from './requests/prune.ts';
import { oidcFields } from './sign-in.ts';

/** What the AWS stack is configured with: the section `aws` of cofre.json. Nothing on one machine looks at it. */

const arn = z.string().regex(/^arn:aws[\w-]*:[^\s*]+$/, 'Give an ARN');
const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-z-]+$`), `Give an id: ${prefix}-…`);

/** Memory in MB, time in s, `/tmp` in MB: Lambda's own limits. CPU grows with memory (a whole one at 1,769 MB). */
const sizeSchema = z.strictObject({
  memory: z.int().min(128).max(10_240).optional(),
  seconds: z.int().min(60).max(900).optional(),
  storage: z.int().min(512).max(10_240).optional(),
  /** At most so many at a time. Reserved from the account's limit, which new accounts have little of. */
  concurrency: z.int().min(1).max(1_000).optional(),
});

const networkSchema = z.strictObject({
  vpcId: id('vpc'),
  /** Private ones from which the databases are reached. */
  subnetIds: z.array(id('subnet')).min(1).max(16),
  /** That the databases let in; without any, the stack makes one and names it in its outputs. */
  securityGroupIds: z.array(id('sg')).max(5).default([]),
  /** Of the subnets; where the gateway endpoint to S3 goes. */
  routeTableIds: z.array(id('rtb')).max(50).default([]),
  /** What the functions need to get out of the subnets, where there is neither a NAT nor an endpoint yet. */
  create: z
    .strictObject({ s3Endpoint: z.boolean().default(false), secretsEndpoint: z.boolean().default(false) })
    .default({ s3Endpoint: false, secretsEndpoint: false }),
});

const efsSchema = z.strictObject({
  fileSystemId: id('fs'),
  accessPointId: id('fsap'),
  /** Where the files appear in the functions. */
  mountPath: z
    .string()
    .regex(/^\/mnt\/[A-Za-z0-9_.-]+$/, 'Give a folder right below /mnt')
    .default('/mnt/databases'),
});

const bucketSchema = z.strictObject({
  /** AWS makes one up when it is left out. */
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'Not the name of a bucket')
    .optional(),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'Use letters, digits, "-", "_" and "/" in between')
    .default('backups'),
  /** `create`, or the ARN of a key of yours; else S3's own keys. */
  kmsKey: z.union([z.literal('create'), arn], { error: 'Give "create" or the ARN of a key' }).optional(),
  /** Whatever is deleted or replaced can be brought back for so many days. */
  undeleteDays: days.default(7),
  /** Object Lock in governance mode: nothing can be deleted for so many days. Only for a new bucket. */
  lockDays: days.optional(),
  /** ARN of a versioned bucket, in another region or account, to copy all to. */
  copyTo: arn.optional(),
});

const cognitoSchema = z.strictObject({
  type: z.literal('cognito'),
  /** Of the sign-in page's address; unique in the region. Default: the stack's name and the account's number. */
  domainPrefix: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'Use small letters, digits and "-"')
    .refine((text) => !/aws|amazon|cognito/.test(text), 'AWS allows no "aws", "amazon" or "cognito" in it')
    .optional(),
});

const oidcSchema = z.strictObject({ type: z.literal('oidc'), ...oidcFields });

const pruneSchema = z
  .strictObject({
    schedule: z.string().default('cron(30 5 * * ? *)'),
    days: days.optional(),
    keepLast: keepLast.optional(),
  })
  .refine(({ days, keepLast }) => days === undefined || keepLast === undefined, {
    error: 'Give days or keepLast, not both',
    path: ['keepLast'],
  });

export const awsSchema = z.strictObject({
  /** Name of the stack, and before each of its names. */
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,39}$/, 'Use letters, digits and "-", at most 40')
    .default('cofre'),
  network: networkSchema.optional(),
  efs: efsSchema.optional(),
  bucket: bucketSchema.prefault({}),
  signIn: z.discriminatedUnion('type', [cognitoSchema, oidcSchema]).default({ type: 'cognito' }),
  /** Keys of your own that secrets of the databases are encrypted with. */
  secretKeys: z.array(arn).max(20).default([]),
  /** Ask SES to verify `mail.from`; false when that address is an identity already. */
  createSender: z.boolean().default(true),
  alarms: z
    .strictObject({
      /** Each gets a mail to confirm its subscription. */
      emails: z.array(z.email().max(254)).max(20).default([]),
      /** Where alarms link to. */
      runbook: z.url().optional(),
    })
    .prefault({}),
  prune: pruneSchema.prefault({}),
  functions: z
    .strictObject({
      backup: sizeSchema.optional(),
      restore: sizeSchema.optional(),
      undo: sizeSchema.optional(),
      verify: sizeSchema.optional(),
    })
    .default({}),
  /** Logs are kept for so many days; one of the terms that CloudWatch has. */
  logDays: z
    .literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 3_653])
    .default(90),
});

export type AwsConfig = z.infer<typeof awsSchema>;
export type FunctionSize = z.infer<typeof sizeSchema>;
