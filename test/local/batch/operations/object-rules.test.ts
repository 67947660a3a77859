import {
  DeleteObjectCommand,
  GetObjectRetentionCommand,
  PutBucketEncryptionCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import type { JobOperation } from '@aws-sdk/client-s3-control';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type BatchStack, DAY_MS, startBatch } from '../../../support/batch.ts';
import { createBucket, headOf, putObject, runOperation, setVersioning } from '../../../support/operations.ts';
import { START_MS } from '../../../support/s3.ts';

let stack: BatchStack;
beforeEach(async () => {
  stack = await startBatch();
});

const target = { Bucket: 'data', Key: 'a' };
const TagSet = [{ Key: 'team', Value: 'media' }];

describe('a job over a key whose current version is a delete marker', () => {
  beforeEach(async () => {
    await setVersioning(stack.s3, 'data');
    await putObject(stack.s3, 'data', 'a');
    await stack.s3.send(new DeleteObjectCommand(target));
  });

  test.each<[string, JobOperation]>([
    ['S3PutObjectTagging', { S3PutObjectTagging: { TagSet } }],
    ['S3DeleteObjectTagging', { S3DeleteObjectTagging: {} }],
    [
      'S3PutObjectAcl',
      {
        S3PutObjectAcl: {
          AccessControlPolicy: { CannedAccessControlList: 'bucket-owner-full-control' },
        },
      },
    ],
  ])('%s reports MethodNotAllowed', async (_, operation) => {
    const { failed } = await runOperation(stack, 'data,a\n', operation);
    expect(failed).toEqual([expect.stringContaining('data,a,,failed,405,MethodNotAllowed,')]);
  });

  test('S3PutObjectCopy reports NoSuchKey', async () => {
    const { failed } = await runOperation(stack, 'data,a\n', {
      S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::reports' },
    });
    expect(failed).toEqual([expect.stringContaining('data,a,,failed,404,NoSuchKey,')]);
  });
});

describe('a job that copies objects onto themselves', () => {
  const copyOntoItself = { S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::data' } };
  beforeEach(() => putObject(stack.s3, 'data', 'a'));

  test('re-encrypts a bucket with an encryption setting of its own', async () => {
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const } };
    const ServerSideEncryptionConfiguration = { Rules: [rule] };
    await stack.s3.send(
      new PutBucketEncryptionCommand({ Bucket: 'data', ServerSideEncryptionConfiguration }),
    );
    const { succeeded } = await runOperation(stack, 'data,a\n', copyOntoItself);
    expect(succeeded).toHaveLength(1);
    expect((await headOf(stack.s3, 'data', 'a')).ServerSideEncryption).toBe('aws:kms');
  });

  test('succeeds for rows with the id of the current version', async () => {
    await setVersioning(stack.s3, 'data');
    const id = await putObject(stack.s3, 'data', 'a');
    const { succeeded } = await runOperation(stack, `data,a,${id}\n`, copyOntoItself);
    expect(succeeded).toHaveLength(1);
  });

  test('reports InvalidRequest without a change', async () => {
    const { failed } = await runOperation(stack, 'data,a\n', copyOntoItself);
    expect(failed).toEqual([expect.stringContaining('data,a,,failed,400,InvalidRequest,')]);
  });
});

describe('a job that changes GOVERNANCE to COMPLIANCE', () => {
  const inDays = (days: number) => new Date(START_MS + days * DAY_MS);
  const compliance = (BypassGovernanceRetention: boolean): JobOperation => ({
    S3PutObjectRetention: {
      BypassGovernanceRetention,
      Retention: { Mode: 'COMPLIANCE', RetainUntilDate: inDays(9) },
    },
  });
  const locked = { Bucket: 'locked', Key: 'a' };
  const mode = async () => (await stack.s3.send(new GetObjectRetentionCommand(locked))).Retention?.Mode;
  beforeEach(async () => {
    await createBucket(stack.s3, 'locked', { ObjectLockEnabledForBucket: true });
    await putObject(stack.s3, 'locked', 'a');
    const Retention = { Mode: 'GOVERNANCE', RetainUntilDate: inDays(2) } as const;
    await stack.s3.send(new PutObjectRetentionCommand({ ...locked, Retention }));
  });

  test('reports AccessDenied without a bypass', async () => {
    const { failed } = await runOperation(stack, 'locked,a\n', compliance(false));
    expect(failed).toEqual([expect.stringContaining('locked,a,,failed,403,AccessDenied,')]);
    expect(await mode()).toBe('GOVERNANCE');
  });

  test('succeeds with a bypass', async () => {
    const { succeeded } = await runOperation(stack, 'locked,a\n', compliance(true));
    expect([succeeded.length, await mode()]).toEqual([1, 'COMPLIANCE']);
  });
});

test('a job over versions of a bucket without versioning reports InvalidArgument', async () => {
  await putObject(stack.s3, 'data', 'a');
  const { failed } = await runOperation(stack, `data,a,${'A'.repeat(32)}\n`, {
    S3PutObjectTagging: { TagSet },
  });
  expect(failed).toEqual([expect.stringContaining(',failed,400,InvalidArgument,')]);
});
