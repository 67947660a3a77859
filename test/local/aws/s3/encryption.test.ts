import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteBucketEncryptionCommand,
  GetBucketEncryptionCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectLegalHoldCommand,
  type ServerSideEncryptionRule,
  UpdateObjectEncryptionCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, startS3WithBucket, TARGET } from '../../../support/s3.ts';

const ARN = 'arn:aws:kms:us-east-1:000000000000:key/abc';
const key = Buffer.alloc(32, 'k');
const customer = {
  SSECustomerAlgorithm: 'AES256',
  SSECustomerKey: key.toString('base64'),
  SSECustomerKeyMD5: createHash('md5').update(key).digest('base64'),
};

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket({}, { ObjectLockEnabledForBucket: true });
});

const put = (more: Partial<PutObjectCommandInput> = {}) =>
  s3.client.send(new PutObjectCommand({ ...TARGET, Body: 'secret', ...more }));
const head = (more: object = {}) => s3.client.send(new HeadObjectCommand({ ...TARGET, ...more }));
const byDefault = (...Rules: ServerSideEncryptionRule[]) =>
  s3.client.send(
    new PutBucketEncryptionCommand({ Bucket: 'bucket', ServerSideEncryptionConfiguration: { Rules } }),
  );
const kms = {
  ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'abc' },
  BucketKeyEnabled: true,
} as const;
const rules = async () =>
  (await s3.client.send(new GetBucketEncryptionCommand({ Bucket: 'bucket' })))
    .ServerSideEncryptionConfiguration?.Rules;

describe('encryption', () => {
  test('is AES256 unless the request names another one', async () => {
    expect(await put()).toMatchObject({ ServerSideEncryption: 'AES256' });
    expect(
      await put({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'abc', BucketKeyEnabled: true }),
    ).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: ARN, BucketKeyEnabled: true });
    await put({ ServerSideEncryption: 'aws:kms:dsse' });
    expect(await head()).toMatchObject({
      ServerSideEncryption: 'aws:kms:dsse',
      SSEKMSKeyId: expect.stringMatching(/^arn:aws:kms:us-east-1:000000000000:key\/[0-9a-f-]{36}$/),
    });
  });

  test('follows the default of the bucket, also for copies', async () => {
    expect(await rules()).toEqual([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
    ]);
    await put();
    await byDefault(kms);
    expect(await rules()).toEqual([kms]);
    const applied = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: ARN, BucketKeyEnabled: true };
    expect(
      await s3.client.send(
        new CopyObjectCommand({ Bucket: 'bucket', Key: 'copy', CopySource: 'bucket/key' }),
      ),
    ).toMatchObject(applied);
    await put();
    expect(await head()).toMatchObject(applied);
    expect(await put({ ServerSideEncryption: 'AES256' })).toMatchObject({ ServerSideEncryption: 'AES256' });
    await s3.client.send(new DeleteBucketEncryptionCommand({ Bucket: 'bucket' }));
    expect(await put()).toMatchObject({ ServerSideEncryption: 'AES256' });
  });

  test('can be changed without a copy to the full ARN of a KMS key', async () => {
    const update = (KMSKeyArn: string) =>
      s3.client.send(
        new UpdateObjectEncryptionCommand({
          ...TARGET,
          ObjectEncryption: { SSEKMS: { KMSKeyArn, BucketKeyEnabled: true } },
        }),
      );
    const { ETag } = await put();
    await update(ARN);
    expect(await head()).toMatchObject({
      ETag,
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: ARN,
      BucketKeyEnabled: true,
    });
    await expect(update('alias/mine')).rejects.toMatchObject({ name: 'InvalidRequest' });
    await put({ ServerSideEncryption: 'aws:kms:dsse' });
    await expect(update(ARN)).rejects.toMatchObject({ name: 'InvalidRequest' });
    await put();
    await s3.client.send(new PutObjectLegalHoldCommand({ ...TARGET, LegalHold: { Status: 'ON' } }));
    await expect(update(ARN)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('with a customer key requires the same key for reading', async () => {
    expect(await put(customer)).toMatchObject({
      SSECustomerAlgorithm: 'AES256',
      SSECustomerKeyMD5: customer.SSECustomerKeyMD5,
    });
    const get = (more: object) => s3.client.send(new GetObjectCommand({ ...TARGET, ...more }));
    expect(await (await get(customer)).Body?.transformToString()).toBe('secret');
    await expect(get({})).rejects.toMatchObject({ name: 'InvalidRequest' });
    const other = Buffer.alloc(32, 'o');
    const wrong = {
      ...customer,
      SSECustomerKey: other.toString('base64'),
      SSECustomerKeyMD5: createHash('md5').update(other).digest('base64'),
    };
    await expect(get(wrong)).rejects.toMatchObject({ name: 'AccessDenied' });
    const copy = (more: object) =>
      s3.client.send(new CopyObjectCommand({ ...TARGET, Key: 'copy', CopySource: 'bucket/key', ...more }));
    await expect(copy({})).rejects.toMatchObject({ name: 'InvalidRequest' });
    const { SSECustomerAlgorithm, SSECustomerKey, SSECustomerKeyMD5 } = customer;
    await copy({
      CopySourceSSECustomerAlgorithm: SSECustomerAlgorithm,
      CopySourceSSECustomerKey: SSECustomerKey,
      CopySourceSSECustomerKeyMD5: SSECustomerKeyMD5,
    });
    await put();
    await expect(get(customer)).rejects.toMatchObject({ name: 'InvalidRequest' });
  });

  test.each<[string, Partial<PutObjectCommandInput>]>([
    ['InvalidEncryptionAlgorithmError', { ServerSideEncryption: 'ROT13' as 'AES256' }],
    ['InvalidArgument', { ServerSideEncryption: 'AES256', SSEKMSKeyId: 'abc' }],
    ['InvalidEncryptionAlgorithmError', { ...customer, SSECustomerAlgorithm: 'DES' }],
    ['InvalidArgument', { ...customer, SSECustomerKey: 'c2hvcnQ=' }],
  ])('answers %s to %j', async (name, input) => {
    await expect(put(input)).rejects.toMatchObject({ name });
  });

  test('by default must be exactly one known rule', async () => {
    await expect(byDefault()).rejects.toMatchObject({ name: 'MalformedXML' });
    await expect(byDefault(kms, kms)).rejects.toMatchObject({ name: 'MalformedXML' });
    const unknown = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'ROT13' as 'AES256' } };
    await expect(byDefault(unknown)).rejects.toMatchObject({ name: 'MalformedXML' });
  });
});
