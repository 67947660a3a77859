import { describe, expect, test } from '@jest/globals';
import type { JobRequest } from '../../../../functions/core/generated/job-request.mjs';
import {
  callersDescription,
  createJobInputOf,
} from '../../../../functions/domain/request/create-job-input.ts';

const ID = `${'a'.repeat(20)}-${'b'.repeat(32)}`;
const stack = {
  accountId: '000000000000',
  bucket: 'stack',
  roleArns: ['arn:aws:iam::000000000000:role/first', 'arn:aws:iam::000000000000:role/second'],
  workerArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker:3',
  maxPriority: 50,
};
const Operation = { S3DeleteObjectTagging: {} };
const stored = { manifest: { Location: { ObjectArn: 'arn:aws:s3:::data/m.csv' } }, etag: 'e1' };
const inputOf = (request: Partial<JobRequest>, settings: object = {}) =>
  createJobInputOf(
    { Operation, ...request },
    { ...stack, tenantMark: 'a'.repeat(20), ...settings },
    ID,
    stored,
  );

describe('the input of CreateJob', () => {
  test('has defaults for members that the caller leaves out', () => {
    expect(inputOf({})).toEqual({
      AccountId: '000000000000',
      ClientRequestToken: ID,
      ConfirmationRequired: false,
      Operation,
      Report: {
        Enabled: true,
        Format: 'Report_CSV_20180820',
        ReportScope: 'AllTasks',
        Bucket: 'arn:aws:s3:::stack',
        Prefix: expect.stringMatching(/^reports/),
      },
      Priority: 10,
      RoleArn: stack.roleArns[0],
      Description: `[${ID}]`,
      Tags: [{ Key: 'bucket-brigade:jobRequestId', Value: ID }],
      Manifest: {
        Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
        Location: { ObjectArn: 'arn:aws:s3:::data/m.csv', ETag: 'e1' },
      },
    });
  });

  test.each<[string, Partial<JobRequest>, object]>([
    ['a disabled report', { Report: { Enabled: false } }, { Report: { Enabled: false } }],
    [
      'a disabled report with a bucket',
      { Report: { Enabled: false, Bucket: 'arn:aws:s3:::mine' } },
      { Report: { Enabled: false } },
    ],
    [
      'a report bucket of the caller, without a prefix',
      { Report: { Bucket: 'arn:aws:s3:::mine', ReportScope: 'FailedTasksOnly' } },
      {
        Report: {
          Enabled: true,
          Format: 'Report_CSV_20180820',
          ReportScope: 'FailedTasksOnly',
          Bucket: 'arn:aws:s3:::mine',
        },
      },
    ],
    ['a confirmation', { ConfirmationRequired: true }, { ConfirmationRequired: true }],
    ['the lowest priority', { Priority: 0 }, { Priority: 0 }],
    ['another role by name', { RoleArn: 'second' }, { RoleArn: stack.roleArns[1] }],
    ['a description', { Description: 'tidy up' }, { Description: `tidy up [${ID}]` }],
    [
      'tags, before the tag of this service',
      { Tags: [{ Key: 'team', Value: 'media' }] },
      {
        Tags: [
          { Key: 'team', Value: 'media' },
          { Key: 'bucket-brigade:jobRequestId', Value: ID },
        ],
      },
    ],
    [
      'a function of the caller, with its schema version',
      { Operation: { LambdaInvoke: { FunctionArn: 'resize:7', InvocationSchemaVersion: '1.0' } } },
      { Operation: { LambdaInvoke: { FunctionArn: 'resize:7', InvocationSchemaVersion: '1.0' } } },
    ],
    [
      'the worker with schema 2.0 for user arguments',
      { Operation: { LambdaInvoke: { UserArguments: { action: 'gzip' } } } },
      {
        Operation: {
          LambdaInvoke: {
            FunctionArn: stack.workerArn,
            InvocationSchemaVersion: '2.0',
            UserArguments: { action: 'gzip' },
          },
        },
      },
    ],
    [
      'the worker without user arguments',
      { Operation: { LambdaInvoke: {} } },
      { Operation: { LambdaInvoke: { FunctionArn: stack.workerArn } } },
    ],
  ])('keeps %s', (_, request, expected) => {
    expect(inputOf(request)).toMatchObject(expected);
    for (const [name, value] of Object.entries(expected))
      expect(inputOf(request)[name as keyof typeof expected]).toEqual(value);
  });

  test('has a priority of at most the ceiling of the deployment', () => {
    expect(inputOf({}, { maxPriority: 5 }).Priority).toBe(5);
  });

  test('names the owner of the report bucket where S3ComputeObjectChecksum requires it', () => {
    const { Report } = inputOf({ Operation: { S3ComputeObjectChecksum: {} } });
    expect(Report).toMatchObject({ Bucket: 'arn:aws:s3:::stack', ExpectedBucketOwner: '000000000000' });
  });

  test('has the columns and the format of the manifest', () => {
    const input = (Spec: object) =>
      createJobInputOf({ Operation }, { ...stack, tenantMark: 'a'.repeat(20) } as never, ID, {
        manifest: { Spec: Spec as never, Location: stored.manifest.Location },
        etag: 'e2',
      }).Manifest?.Spec;
    const Fields = ['Ignore', 'Bucket', 'Key'];
    expect(input({ Format: 'S3BatchOperations_CSV_20180820', Fields })).toEqual({
      Format: 'S3BatchOperations_CSV_20180820',
      Fields,
    });
    expect(input({ Format: 'S3InventoryReport_CSV_20161130' })).toEqual({
      Format: 'S3InventoryReport_CSV_20161130',
    });
  });

  test('has the manifest generator instead of a manifest', () => {
    const ManifestGenerator = {
      S3JobManifestGenerator: { SourceBucket: 'arn:aws:s3:::data', EnableManifestOutput: false },
    };
    const input = createJobInputOf(
      { Operation, ManifestGenerator } as never,
      { ...stack, tenantMark: 'a'.repeat(20) } as never,
      ID,
      undefined,
    );
    expect(input).toMatchObject({
      ManifestGenerator: { S3JobManifestGenerator: { SourceBucket: 'arn:aws:s3:::data' } },
    });
    expect(input.Manifest).toBeUndefined();
  });
});

test.each([
  [`tidy up [${ID}]`, 'tidy up'],
  [`[${ID}]`, undefined],
  ['tidy up', 'tidy up'],
  [`[${ID}] tidy up`, `[${ID}] tidy up`],
  [undefined, undefined],
])('the caller’s part of the description %j is %j', (description, expected) => {
  expect(callersDescription(description)).toBe(expected);
});
