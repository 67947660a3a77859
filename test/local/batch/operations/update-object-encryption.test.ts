import { createHash } from 'node:crypto';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type BatchStack, DAY_MS, rowsOf, startBatch, textOf } from '../../../support/batch.ts';
import {
  createBucket,
  headOf,
  operationRequest,
  putObject,
  runOperation,
  setVersioning,
} from '../../../support/operations.ts';
import { START_MS } from '../../../support/s3.ts';

const KEY_ARN = 'arn:aws:kms:us-east-1:000000000000:key/6f1c0e52-9a7d-4d2b-8f43-0b5e7c9d1a24';

let stack: BatchStack;
beforeEach(async () => {
  stack = await startBatch();
  await createBucket(stack.s3, 'locked', { ObjectLockEnabledForBucket: true });
});

const operation = (KMSKeyArn = KEY_ARN, BucketKeyEnabled?: boolean) => ({
  S3UpdateObjectEncryption: { ObjectEncryption: { SSEKMS: { KMSKeyArn, BucketKeyEnabled } } },
});
const update = (rows: string, ...key: Parameters<typeof operation>) =>
  runOperation(stack, rows, operation(...key));

describe('S3UpdateObjectEncryption', () => {
  test('changes SSE-S3 to SSE-KMS and keeps ETag, date and body', async () => {
    await putObject(stack.s3, 'data', 'a');
    const before = await headOf(stack.s3, 'data', 'a');
    await stack.clock.advance(DAY_MS);
    const { job, succeeded } = await update(rowsOf(['a']));
    expect(job).toMatchObject({ Status: 'Complete', ProgressSummary: { NumberOfTasksSucceeded: 1 } });
    expect(succeeded).toEqual(['data,a,,succeeded,200,,Successful']);
    expect(await headOf(stack.s3, 'data', 'a')).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: KEY_ARN,
      ETag: before.ETag,
      LastModified: before.LastModified,
    });
    expect(await textOf(stack.s3, 'data', 'a')).toBe('body');
  });

  test('changes the key and enables a Bucket Key', async () => {
    await putObject(stack.s3, 'data', 'a', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'old' });
    await update(rowsOf(['a']), KEY_ARN, true);
    expect(await headOf(stack.s3, 'data', 'a')).toMatchObject({
      SSEKMSKeyId: KEY_ARN,
      BucketKeyEnabled: true,
    });
  });

  test('applies to the versions that the manifest names', async () => {
    await setVersioning(stack.s3, 'data');
    const first = await putObject(stack.s3, 'data', 'a');
    await putObject(stack.s3, 'data', 'a');
    await update(`data,a,${first}\n`);
    expect(await headOf(stack.s3, 'data', 'a', first)).toMatchObject({ ServerSideEncryption: 'aws:kms' });
    expect(await headOf(stack.s3, 'data', 'a')).toMatchObject({ ServerSideEncryption: 'AES256' });
  });
});

describe('S3UpdateObjectEncryption reports', () => {
  const key = Buffer.alloc(32, 7);
  const customer = {
    SSECustomerAlgorithm: 'AES256',
    SSECustomerKey: key.toString('base64'),
    SSECustomerKeyMD5: createHash('md5').update(key).digest('base64'),
  };
  test.each<[string, Partial<PutObjectCommandInput>]>([
    ['DSSE-KMS', { ServerSideEncryption: 'aws:kms:dsse' }],
    ['SSE-C', customer],
  ])('objects with %s', async (_, encryption) => {
    await putObject(stack.s3, 'data', 'a', encryption);
    expect((await update(rowsOf(['a']))).failed).toEqual([
      'data,a,,failed,400,InvalidRequest,The encryption of objects with SSE-C or DSSE-KMS cannot be updated',
    ]);
  });

  const ObjectLockRetainUntilDate = new Date(START_MS + DAY_MS);
  test.each<[string, Partial<PutObjectCommandInput>]>([
    ['legal hold', { ObjectLockLegalHoldStatus: 'ON' }],
    ['retention', { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate }],
  ])('objects under %s', async (_, lock) => {
    await putObject(stack.s3, 'locked', 'a', lock);
    expect((await update('locked,a\n')).failed).toEqual([
      'locked,a,,failed,403,AccessDenied,Access Denied because object protected by object lock',
    ]);
    expect(await headOf(stack.s3, 'locked', 'a')).toMatchObject({ ServerSideEncryption: 'AES256' });
  });

  test('missing objects', async () => {
    expect((await update(rowsOf(['none']))).failed).toEqual([
      'data,none,,failed,404,NoSuchKey,The specified key does not exist',
    ]);
  });
});

describe('a job of S3UpdateObjectEncryption is refused', () => {
  const ALIAS = 'arn:aws:kms:us-east-1:000000000000:alias/mine';
  test.each([
    ['an alias', operation(ALIAS), 'KMSKeyArn'],
    ['no encryption', { S3UpdateObjectEncryption: {} }, 'ObjectEncryption'],
    ['no KMS key', { S3UpdateObjectEncryption: { ObjectEncryption: {} } }, 'ObjectEncryption.SSEKMS'],
  ])('with %s', async (_, wrong, field) => {
    const request = await operationRequest(stack, rowsOf(['a']), wrong as never);
    await expect(stack.run(request)).rejects.toMatchObject({
      code: 'InvalidRequest',
      message: expect.stringContaining(field),
    });
  });
});
