import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { JOB_TAG } from '../../../lib/jobs/journal.ts';
import { JOB_DAYS } from '../../../lib/prune.ts';
import { DEFAULT_RETENTION, HOLD, RETENTION_CLASSES } from '../../../lib/retention.ts';
import { EFS, EVERYTHING, SQLITE, synthesize } from './synth.ts';

const PLAIN = { databases: { helpdesk: SQLITE }, aws: { efs: EFS } };
const plain = synthesize(PLAIN).template;

// biome-ignore lint/suspicious/noExplicitAny: a resource of CloudFormation
function backupBucket(template: typeof plain): any {
  const buckets = template.findResources('AWS::S3::Bucket');
  return Object.entries(buckets).find(([id]) => id.startsWith('StorageBucket'))![1];
}
const rulesOf = (template: typeof plain) => backupBucket(template).Properties.LifecycleConfiguration.Rules;

/** What the code may write as a tag, said by the code itself. */
const WRITTEN = [...RETENTION_CLASSES, HOLD, JOB_TAG];

test('for every tag that the code can write there is a rule, but for `hold`; and for every rule a tag', () => {
  const tags = rulesOf(plain).flatMap((rule: { TagFilters?: { Key: string; Value: string }[] }) =>
    (rule.TagFilters ?? []).map(({ Key, Value }) => `${Key}=${Value}`),
  );
  const expected = WRITTEN.filter((it) => it !== HOLD).map((it) => `retention=${it}`);
  expect(tags.toSorted()).toEqual(expected.toSorted());
});

test('each rule expires after the days that are configured, and no rule expires what has no tag', () => {
  const config = { ...PLAIN, retention: { daily: 3, yearly: 4_000 } };
  const days = { ...DEFAULT_RETENTION, daily: 3, yearly: 4_000, [JOB_TAG]: JOB_DAYS };
  const found = rulesOf(synthesize(config).template).filter(
    (rule: { ExpirationInDays?: number }) => rule.ExpirationInDays,
  );
  expect(
    Object.fromEntries(
      found.map((rule: { TagFilters: { Value: string }[]; ExpirationInDays: number }) => [
        rule.TagFilters[0]!.Value,
        rule.ExpirationInDays,
      ]),
    ),
  ).toEqual(days);
});

test('unfinished uploads are aborted, deleted versions forgotten after a while', () => {
  expect(rulesOf(plain)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }),
      expect.objectContaining({
        NoncurrentVersionExpiration: { NoncurrentDays: 7 },
        ExpiredObjectDeleteMarker: true,
      }),
    ]),
  );
});

test('the bucket is encrypted, versioned, private, logged, and kept when the stack goes', () => {
  const bucket = backupBucket(plain);
  expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  expect(bucket.Properties).toMatchObject({
    VersioningConfiguration: { Status: 'Enabled' },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    LoggingConfiguration: { DestinationBucketName: expect.anything() },
  });
  expect(bucket.Properties.ObjectLockEnabled).toBeUndefined();
});

test('nobody reaches it but by TLS', () => {
  plain.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Deny',
          Action: 's3:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ]),
    },
  });
});

test('by option: a key of its own that rotates, Object Lock, copies without deletions', () => {
  const { template } = synthesize(EVERYTHING);
  const { Properties } = backupBucket(template);
  template.hasResource('AWS::KMS::Key', {
    DeletionPolicy: 'Retain',
    Properties: { EnableKeyRotation: true },
  });
  expect(JSON.stringify(Properties.BucketEncryption)).toContain('aws:kms');
  expect(Properties.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({ Mode: 'GOVERNANCE', Days: 3 });
  expect(Properties.ReplicationConfiguration.Rules).toMatchObject([
    {
      Status: 'Enabled',
      Destination: { Bucket: 'arn:aws:s3:::copies' },
      DeleteMarkerReplication: { Status: 'Disabled' },
    },
  ]);
});
