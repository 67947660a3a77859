import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  RestoreObjectCommand,
  type RestoreRequest,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, startS3WithBucket, TARGET } from '../../../support/s3.ts';

const HOUR_MS = 60 * 60 * 1000;

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket();
  await put('GLACIER');
});

const put = (StorageClass: 'GLACIER' | 'DEEP_ARCHIVE' | 'GLACIER_IR') =>
  s3.client.send(new PutObjectCommand({ ...TARGET, Body: 'frozen', StorageClass }));
const restore = async (RestoreRequest: RestoreRequest) =>
  (await s3.client.send(new RestoreObjectCommand({ ...TARGET, RestoreRequest }))).$metadata.httpStatusCode;
const read = async () => (await s3.client.send(new GetObjectCommand(TARGET))).Body?.transformToString();
const state = async () => (await s3.client.send(new HeadObjectCommand(TARGET))).Restore;
const copy = () =>
  s3.client.send(new CopyObjectCommand({ Bucket: 'bucket', Key: 'copy', CopySource: 'bucket/key' }));

describe('an archived object', () => {
  test('can be described and listed, but not read or copied', async () => {
    expect(await s3.client.send(new HeadObjectCommand(TARGET))).toMatchObject({
      StorageClass: 'GLACIER',
      ContentLength: 6,
    });
    const refusal = {
      name: 'InvalidObjectState',
      StorageClass: 'GLACIER',
      $metadata: { httpStatusCode: 403 },
    };
    await expect(read()).rejects.toMatchObject(refusal);
    await expect(copy()).rejects.toMatchObject(refusal);
    const { Contents } = await s3.client.send(new ListObjectsV2Command({ Bucket: 'bucket' }));
    expect(Contents?.[0]?.StorageClass).toBe('GLACIER');
  });

  test('can be read from the end of a restore until its days have passed', async () => {
    expect(await restore({ Days: 2, GlacierJobParameters: { Tier: 'Standard' } })).toBe(202);
    expect(await state()).toBe('ongoing-request="true"');
    await expect(read()).rejects.toMatchObject({ name: 'InvalidObjectState' });
    await s3.clock.advance(5 * HOUR_MS);
    expect(await state()).toBe('ongoing-request="false", expiry-date="Wed, 25 Nov 2026 00:00:00 GMT"');
    expect(await read()).toBe('frozen');
    await copy();
    const list = new ListObjectsV2Command({
      Bucket: 'bucket',
      Prefix: 'key',
      OptionalObjectAttributes: ['RestoreStatus'],
    });
    expect((await s3.client.send(list)).Contents?.[0]?.RestoreStatus).toEqual({
      IsRestoreInProgress: false,
      RestoreExpiryDate: new Date('2026-11-25T00:00:00Z'),
    });
    await s3.clock.advance(57 * HOUR_MS);
    expect(await state()).toBeUndefined();
    await expect(read()).rejects.toMatchObject({ name: 'InvalidObjectState' });
  });

  test('gets a new expiry date when a restored copy is restored again', async () => {
    await restore({ Days: 1, Tier: 'Expedited' });
    await s3.clock.advance(HOUR_MS);
    expect(await restore({ Days: 9 })).toBe(200);
    expect(await state()).toContain('expiry-date="Wed, 02 Dec 2026 00:00:00 GMT"');
  });

  test('accepts only a faster tier during a restore', async () => {
    await restore({ Days: 2, Tier: 'Bulk' });
    const busy = { name: 'RestoreAlreadyInProgress', $metadata: { httpStatusCode: 409 } };
    await expect(restore({ Days: 2, Tier: 'Bulk' })).rejects.toMatchObject(busy);
    await expect(restore({ Days: 3, Tier: 'Expedited' })).rejects.toMatchObject(busy);
    expect(await restore({ Days: 2, Tier: 'Expedited' })).toBe(202);
    await s3.clock.advance(HOUR_MS);
    expect(await read()).toBe('frozen');
  });

  test.each<[string, RestoreRequest]>([
    ['MalformedXML', {}],
    ['InvalidArgument', { Days: 0 }],
    ['InvalidArgument', { Days: 1, Tier: 'Soon' as 'Bulk' }],
    ['NotImplemented', { Type: 'SELECT' }],
  ])('answers %s to the request %j', async (name, request) => {
    await expect(restore(request)).rejects.toMatchObject({ name });
  });

  test('takes longer to restore from DEEP_ARCHIVE, which has no expedited tier', async () => {
    await put('DEEP_ARCHIVE');
    await expect(restore({ Days: 1, Tier: 'Expedited' })).rejects.toMatchObject({ name: 'InvalidArgument' });
    await restore({ Days: 1, Tier: 'Bulk' });
    await s3.clock.advance(47 * HOUR_MS);
    expect(await state()).toBe('ongoing-request="true"');
    await s3.clock.advance(HOUR_MS);
    expect(await read()).toBe('frozen');
  });
});

test('an object that is not archived can be read without a restore and cannot be restored', async () => {
  await put('GLACIER_IR');
  expect(await read()).toBe('frozen');
  await expect(restore({ Days: 1 })).rejects.toMatchObject({
    name: 'InvalidObjectState',
    StorageClass: 'GLACIER_IR',
  });
});
