import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { AwsConfig } from '../../lib/aws-config.ts';
import { JOB_TAG } from '../../lib/jobs/journal.ts';
import { JOB_DAYS } from '../../lib/prune.ts';
import { RETENTION_CLASSES, type RetentionDays } from '../../lib/retention.ts';
import { acknowledgeCopies } from './acknowledge.ts';

/** The tag that says by which rule an object expires; as the S3 store writes it. */
const TAG = 'retention';
/** No upload of a living backup is so old, days. */
const UPLOAD_DAYS = 1;
const ACCESS_LOG_DAYS = 90;

const PRIVATE = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
} as const;

export interface StorageProps {
  readonly settings: AwsConfig['bucket'];
  readonly retention: RetentionDays;
}

/** The bucket of the backups. Kept when the stack is deleted. */
export class Storage extends Construct {
  readonly bucket: Bucket;
  /** Set when the bucket has a key of its own. */
  readonly key: IKey | undefined;
  /** `s3://bucket/prefix`, for the functions. */
  readonly url: string;

  constructor(scope: Construct, id: string, { settings, retention }: StorageProps) {
    super(scope, id);
    this.key = this.openKey(settings.kmsKey);
    this.bucket = new Bucket(this, 'Bucket', {
      ...PRIVATE,
      ...(settings.name && { bucketName: settings.name }),
      ...(this.key
        ? { encryption: BucketEncryption.KMS, encryptionKey: this.key, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: expiryRules(retention, settings.undeleteDays),
      // The library's own types do not agree under exactOptionalPropertyTypes.
      serverAccessLogsBucket: this.accessLogs() as IBucket,
      ...lockOf(settings.lockDays),
      ...copyOf(this, settings.copyTo),
    });
    if (settings.copyTo !== undefined) acknowledgeCopies(this.bucket, settings.copyTo);
    this.url = `s3://${this.bucket.bucketName}/${settings.prefix}`;
  }

  private openKey(wanted: string | undefined): IKey | undefined {
    if (wanted === undefined) return undefined;
    if (wanted !== 'create') return Key.fromKeyArn(this, 'Key', wanted);
    return new Key(this, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN });
  }

  private accessLogs(): Bucket {
    const logs = new Bucket(this, 'AccessLogs', {
      ...PRIVATE,
      encryption: BucketEncryption.S3_MANAGED,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ id: 'expire', expiration: Duration.days(ACCESS_LOG_DAYS) }],
    });
    Validations.of(logs).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It is the bucket that access logs go to; logs of its own would go on for ever.',
    });
    return logs;
  }
}

/** One rule for each tag that the code writes but `hold`, which nothing expires; and what clears the rest away. */
function expiryRules(retention: RetentionDays, undeleteDays: number): LifecycleRule[] {
  const days = { ...retention, [JOB_TAG]: JOB_DAYS };
  const expiring = [...RETENTION_CLASSES, JOB_TAG].map((name) => ({
    id: `expire-${name}`,
    tagFilters: { [TAG]: name },
    expiration: Duration.days(days[name as keyof typeof days]),
  }));
  return [
    ...expiring,
    { id: 'abort-unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(UPLOAD_DAYS) },
    {
      id: 'forget-deleted-versions',
      noncurrentVersionExpiration: Duration.days(undeleteDays),
      expiredObjectDeleteMarker: true,
    },
  ];
}

function lockOf(days: number | undefined) {
  if (days === undefined) return {};
  return { objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(days)) };
}

/** Deletions are not copied: what somebody removes here, by mistake or worse, stays there. */
function copyOf(scope: Construct, target: string | undefined) {
  if (target === undefined) return {};
  const destination = Bucket.fromBucketArn(scope, 'Copy', target);
  return { replicationRules: [{ id: 'copy', destination, priority: 0, deleteMarkerReplication: false }] };
}
