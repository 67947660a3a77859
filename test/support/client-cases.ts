import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { CreateJobRequest, JobOperation } from '@aws-sdk/client-s3-control';

/** An operation on one object, which every client of the jobs API runs, and its effect. */
export interface OperationCase {
  /** The operation, and what distinguishes it from other cases of the same one. */
  name: string;
  operation: JobOperation;
  /** Where the object is; default `data`. */
  bucket?: 'data' | 'acls' | 'locked' | 'source';
  /** How it is stored. */
  put?: Partial<PutObjectCommandInput>;
  report?: Partial<CreateJobRequest['Report']>;
  shows?: Effect[];
  /** Text in the object's row of the completion report. */
  row?: string;
}

/** Members that a read of S3 answers after the job and not before. */
export interface Effect {
  read: 'headObject' | 'getObjectTagging' | 'getObjectAcl';
  answer: object;
  /** The bucket to read from, and the prefix of the key there. */
  in?: { bucket: 'copies' | 'target'; prefix: string };
}

export const ACCOUNT_ID = '000000000000';
const WORKER = `arn:aws:lambda:us-east-1:${ACCOUNT_ID}:function:bucket-brigade-local-worker`;
const KMS_KEY = `arn:aws:kms:us-east-1:${ACCOUNT_ID}:key/6f1c0e52-9a7d-4d2b-8f43-0b5e7c9d1a24`;
const LOCKED_UNTIL = new Date('2099-01-01T00:00:00Z');
const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';
const OLD_TAGS = { Tagging: 'old=yes' };

export const BODY = 'one small object';
const BODY_SHA256 = 'fad06d965772194479ce55806fb44796cf157d31f6a991da7f01e9ec5d728440';
const BODY_CRC32_HEX = '522D452D';

/** Every operation of the SDK's model; the names of the buckets begin with `client`. */
export const operationCases = (client: string): OperationCase[] => [
  {
    // The worker requires an argument, which only schema 2.0 can pass: its error must be in the report.
    name: 'LambdaInvoke 1.0',
    operation: { LambdaInvoke: { FunctionArn: WORKER } },
    row: 'failed,200,PermanentFailure,"the user argument action is missing',
  },
  {
    name: 'LambdaInvoke 2.0',
    operation: {
      LambdaInvoke: {
        FunctionArn: WORKER,
        InvocationSchemaVersion: '2.0',
        UserArguments: { action: 'verify-checksum', sha256: BODY_SHA256 },
      },
    },
    row: `succeeded,200,,"{""sha256"":""${BODY_SHA256}""`,
  },
  {
    name: 'S3PutObjectCopy',
    operation: {
      S3PutObjectCopy: {
        TargetResource: `arn:aws:s3:::${client}-copies`,
        TargetKeyPrefix: 'copied',
        StorageClass: 'STANDARD_IA',
        MetadataDirective: 'REPLACE',
        NewObjectMetadata: { ContentType: 'text/markdown', UserMetadata: { colour: 'red & blue' } },
        NewObjectTagging: [{ Key: 'copy', Value: 'a b' }],
      },
    },
    put: OLD_TAGS,
    shows: [
      {
        read: 'headObject',
        in: { bucket: 'copies', prefix: 'copied/' },
        answer: {
          StorageClass: 'STANDARD_IA',
          ContentType: 'text/markdown',
          Metadata: { colour: 'red & blue' },
        },
      },
      {
        read: 'getObjectTagging',
        in: { bucket: 'copies', prefix: 'copied/' },
        answer: { TagSet: [{ Key: 'copy', Value: 'a b' }] },
      },
    ],
  },
  {
    name: 'S3PutObjectAcl',
    bucket: 'acls',
    operation: { S3PutObjectAcl: { AccessControlPolicy: { CannedAccessControlList: 'public-read' } } },
    shows: [
      {
        read: 'getObjectAcl',
        answer: {
          Grants: [
            { Permission: 'FULL_CONTROL' },
            { Grantee: { Type: 'Group', URI: ALL_USERS }, Permission: 'READ' },
          ],
        },
      },
    ],
  },
  {
    name: 'S3PutObjectTagging',
    operation: { S3PutObjectTagging: { TagSet: [{ Key: 'team', Value: 'zażółć +=:/@' }] } },
    put: OLD_TAGS,
    shows: [{ read: 'getObjectTagging', answer: { TagSet: [{ Key: 'team', Value: 'zażółć +=:/@' }] } }],
  },
  {
    name: 'S3DeleteObjectTagging',
    operation: { S3DeleteObjectTagging: {} },
    put: OLD_TAGS,
    shows: [{ read: 'getObjectTagging', answer: { TagSet: [] } }],
  },
  {
    name: 'S3InitiateRestoreObject',
    operation: { S3InitiateRestoreObject: { ExpirationInDays: 2, GlacierJobTier: 'BULK' } },
    put: { StorageClass: 'GLACIER' },
    shows: [{ read: 'headObject', answer: { Restore: 'ongoing-request="true"' } }],
  },
  {
    name: 'S3PutObjectLegalHold',
    bucket: 'locked',
    operation: { S3PutObjectLegalHold: { LegalHold: { Status: 'ON' } } },
    shows: [{ read: 'headObject', answer: { ObjectLockLegalHoldStatus: 'ON' } }],
  },
  {
    name: 'S3PutObjectRetention',
    bucket: 'locked',
    operation: {
      S3PutObjectRetention: {
        BypassGovernanceRetention: true,
        Retention: { Mode: 'GOVERNANCE', RetainUntilDate: LOCKED_UNTIL },
      },
    },
    shows: [
      {
        read: 'headObject',
        answer: { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: LOCKED_UNTIL },
      },
    ],
  },
  {
    name: 'S3ReplicateObject',
    bucket: 'source',
    operation: { S3ReplicateObject: {} },
    shows: [
      { read: 'headObject', answer: { ReplicationStatus: 'COMPLETED' } },
      { read: 'headObject', in: { bucket: 'target', prefix: '' }, answer: { ReplicationStatus: 'REPLICA' } },
    ],
  },
  {
    name: 'S3ComputeObjectChecksum',
    operation: { S3ComputeObjectChecksum: { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } },
    report: { ExpectedBucketOwner: ACCOUNT_ID },
    row: `""checksum_hex"":""${BODY_CRC32_HEX}""`,
  },
  {
    name: 'S3UpdateObjectEncryption',
    operation: {
      S3UpdateObjectEncryption: {
        ObjectEncryption: { SSEKMS: { KMSKeyArn: KMS_KEY, BucketKeyEnabled: true } },
      },
    },
    shows: [
      {
        read: 'headObject',
        answer: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KMS_KEY, BucketKeyEnabled: true },
      },
    ],
  },
];
