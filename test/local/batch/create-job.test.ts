import type { CreateJobRequest, JobOperation } from '@aws-sdk/client-s3-control';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type BatchStack, jobRequest, manifestAt, startBatch } from '../../support/batch.ts';

let stack: BatchStack;
beforeAll(async () => {
  stack = await startBatch();
});

const Manifest = manifestAt('m.csv', '9b2f4e7c1d8a5036e4f7b19c2d60a8e3');
const create = (overrides: object) => () =>
  stack.batch.createJob(jobRequest({ Manifest, ...(overrides as Partial<CreateJobRequest>) }));
const tags = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: '' }));
const lambda = (members: object) => ({ Operation: { LambdaInvoke: { FunctionArn: 'f', ...members } } });
const report = (members: object) => ({ Report: { ...jobRequest().Report, ...members } });
const generator = (members: object) => ({
  Manifest: undefined,
  ManifestGenerator: {
    S3JobManifestGenerator: {
      SourceBucket: 'arn:aws:s3:::data',
      EnableManifestOutput: false,
      ...members,
    },
  },
});
const filter = (Filter: object) => generator({ Filter });
const copy = (members: object) => ({
  Operation: { S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::data', ...members } },
});

describe('requests that are refused with InvalidRequest, by the invalid member', () => {
  const refusals: [member: string, overrides: object][] = [
    ['AccountId', { AccountId: '12' }],
    ['ClientRequestToken', { ClientRequestToken: '' }],
    ['ClientRequestToken', { ClientRequestToken: 'x'.repeat(65) }],
    ['Priority', { Priority: -1 }],
    ['Priority', { Priority: 2147483648 }],
    ['Priority', { Priority: 1.5 }],
    ['RoleArn', { RoleArn: 'role/x' }],
    ['ConfirmationRequired', { ConfirmationRequired: 'yes' }],
    ['Description', { Description: '' }],
    ['Description', { Description: 'x'.repeat(257) }],
    ['Tags', { Tags: tags(51) }],
    ['Tags', { Tags: [...tags(1), ...tags(1)] }],
    ['Tags[0].Key', { Tags: [{ Key: 'bad&key', Value: '' }] }],
    ['Tags[0].Value', { Tags: [{ Key: 'k' }] }],
    ['Manifest', { Manifest: undefined }],
    ['Manifest', { ...generator({}), Manifest }],
    ['Manifest.Spec.Format', { Manifest: { ...Manifest, Spec: { Format: 'CSV' } } }],
    [
      'Manifest.Spec.Fields',
      { Manifest: { ...Manifest, Spec: { Format: 'S3BatchOperations_CSV_20180820' } } },
    ],
    [
      'Manifest.Spec.Fields',
      { Manifest: { ...Manifest, Spec: { Format: 'S3InventoryReport_CSV_20161130', Fields: ['Key'] } } },
    ],
    [
      'Manifest.Spec.Fields[0]',
      { Manifest: { ...Manifest, Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Size'] } } },
    ],
    [
      'Manifest.Location.ObjectArn',
      { Manifest: { ...Manifest, Location: { ObjectArn: 'm.csv', ETag: 'x' } } },
    ],
    ['Manifest.Location.ETag', { Manifest: { ...Manifest, Location: { ObjectArn: 'arn:aws:s3:::b/k' } } }],
    ['Report.Enabled', { Report: {} }],
    ['Report.Bucket', report({ Bucket: 'reports' })],
    ['Report.Bucket', report({ Bucket: 'arn:aws:s3:::reports/folder' })],
    ['Report.Bucket', report({ Bucket: undefined })],
    ['Report.Format', report({ Format: undefined })],
    ['Report.ReportScope', report({ ReportScope: 'Some' })],
    ['Report.Prefix', report({ Prefix: 'x'.repeat(513) })],
    ['Report.ExpectedBucketOwner', report({ ExpectedBucketOwner: '12' })],
    ['Operation', { Operation: {} }],
    ['Operation', { Operation: { S3DeleteObjectTagging: {}, S3ReplicateObject: {} } }],
    ['Operation.LambdaInvoke.FunctionArn', lambda({ FunctionArn: 'not a function' })],
    ['Operation.LambdaInvoke.InvocationSchemaVersion', lambda({ InvocationSchemaVersion: '3.0' })],
    ['Operation.LambdaInvoke.UserArguments', lambda({ InvocationSchemaVersion: '2.0', UserArguments: {} })],
    ['Operation.LambdaInvoke.UserArguments', lambda({ UserArguments: { a: 'b' } })],
    [
      'Operation.LambdaInvoke.UserArguments.a',
      lambda({ InvocationSchemaVersion: '2.0', UserArguments: { a: 'x'.repeat(1025) } }),
    ],
    ['Operation.S3PutObjectTagging.TagSet', { Operation: { S3PutObjectTagging: { TagSet: tags(11) } } }],
    ['Operation.S3PutObjectCopy.TargetResource', { Operation: { S3PutObjectCopy: {} } }],
    ['Operation.S3PutObjectCopy.StorageClass', copy({ StorageClass: 'REDUCED_REDUNDANCY' })],
    [
      'Operation.S3PutObjectCopy.NewObjectMetadata.ContentType',
      copy({ NewObjectMetadata: { ContentType: '' } }),
    ],
    [
      'Operation.S3PutObjectAcl.AccessControlPolicy.CannedAccessControlList',
      { Operation: { S3PutObjectAcl: { AccessControlPolicy: { CannedAccessControlList: 'secret' } } } },
    ],
    [
      'Operation.S3PutObjectAcl.AccessControlPolicy.AccessControlList.Owner',
      { Operation: { S3PutObjectAcl: { AccessControlPolicy: { AccessControlList: {} } } } },
    ],
    [
      'Operation.S3InitiateRestoreObject.GlacierJobTier',
      { Operation: { S3InitiateRestoreObject: { GlacierJobTier: 'EXPEDITED' } } },
    ],
    ['Operation.S3PutObjectLegalHold.LegalHold', { Operation: { S3PutObjectLegalHold: {} } }],
    [
      'Operation.S3PutObjectRetention.Retention.Mode',
      { Operation: { S3PutObjectRetention: { Retention: { Mode: 'LAX' } } } },
    ],
    [
      'Operation.S3PutObjectRetention.Retention.RetainUntilDate',
      { Operation: { S3PutObjectRetention: { Retention: { RetainUntilDate: new Date('x') } } } },
    ],
    [
      'Operation.S3ComputeObjectChecksum.ChecksumType',
      {
        Operation: { S3ComputeObjectChecksum: { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' } },
      },
    ],
    ['Report.ExpectedBucketOwner', { Operation: { S3ComputeObjectChecksum: {} } }],
    ['Report.Enabled', { Operation: { S3ComputeObjectChecksum: {} }, Report: { Enabled: false } }],
    [
      'Operation.S3UpdateObjectEncryption.ObjectEncryption.SSEKMS.KMSKeyArn',
      {
        Operation: {
          S3UpdateObjectEncryption: {
            ObjectEncryption: { SSEKMS: { KMSKeyArn: 'arn:aws:kms:us-east-1:000000000000:alias/mine' } },
          },
        },
      },
    ],
    ['ManifestGenerator.S3JobManifestGenerator.SourceBucket', generator({ SourceBucket: 'data' })],
    [
      'ManifestGenerator.S3JobManifestGenerator.EnableManifestOutput',
      generator({ EnableManifestOutput: undefined }),
    ],
    [
      'ManifestGenerator.S3JobManifestGenerator.ManifestOutputLocation',
      generator({ EnableManifestOutput: true }),
    ],
    [
      'ManifestGenerator.S3JobManifestGenerator.Filter.KeyNameConstraint.MatchAnyPrefix',
      filter({ KeyNameConstraint: { MatchAnyPrefix: ['a', 'b'] } }),
    ],
    [
      'ManifestGenerator.S3JobManifestGenerator.Filter.MatchAnyObjectEncryption',
      filter({ MatchAnyObjectEncryption: [{ SSES3: {} }, { SSEC: {} }] }),
    ],
    [
      'ManifestGenerator.S3JobManifestGenerator.Filter.MatchAnyStorageClass[0]',
      filter({ MatchAnyStorageClass: ['COLD'] }),
    ],
    [
      'ManifestGenerator.S3JobManifestGenerator.Filter.ObjectSizeGreaterThanBytes',
      filter({ ObjectSizeGreaterThanBytes: -1 }),
    ],
  ];

  test.each(refusals)('%s: %j', (member, overrides) => {
    expect(create(overrides)).toThrow(
      expect.objectContaining({
        code: 'InvalidRequest',
        status: 400,
        detail: expect.objectContaining({ Field: member }),
      }),
    );
  });
});

describe('messages that S3 is known to send', () => {
  test.each([
    ['Missing role arn', { RoleArn: undefined, Operation: undefined, Report: undefined }],
    ['Invalid job manifest', { Manifest: { ...Manifest, Location: { ObjectArn: 'x', ETag: 'x' } } }],
    ['Request invalid', lambda({ InvocationSchemaVersion: '2.0', UserArguments: {} })],
  ])('%s', (message, overrides) => {
    expect(create(overrides)).toThrow(expect.objectContaining({ code: 'InvalidRequest', message }));
  });

  test('a role of another account is AccessDenied', () => {
    expect(create({ RoleArn: 'arn:aws:iam::123456789012:role/x' })).toThrow(
      expect.objectContaining({
        code: 'AccessDenied',
        status: 403,
        message: 'Cross-account pass role is not allowed',
      }),
    );
  });
});

describe('requests at the limits make a job', () => {
  test.each([
    [{ Priority: 0 }],
    [{ Priority: 2147483647 }],
    [{ Description: '🪣'.repeat(256) }],
    [{ Tags: tags(50) }],
    [{ Tags: [] }],
    [{ Report: { Enabled: false } }],
    [{ Operation: { S3PutObjectTagging: { TagSet: [] } } }],
    [{ Operation: { S3PutObjectTagging: {} } as JobOperation }],
    [lambda({ FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:resize:$LATEST' })],
    [lambda({ InvocationSchemaVersion: '2.0', UserArguments: { 'a b': '' } })],
  ])('%j', (overrides) => {
    expect(create(overrides)()).toEqual({ JobId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });
});
