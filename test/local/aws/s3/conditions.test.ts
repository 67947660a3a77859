import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  NoSuchKey,
  type ObjectIdentifier,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type S3Stack, START_MS, startS3WithBucket } from '../../../support/s3.ts';
import { callWire, wireRequest } from '../../../support/wire.ts';

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket();
});

describe('a part of an object', () => {
  beforeEach(() => s3.put('key', '0123456789'));

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=5-100', '56789', 'bytes 5-9/10'],
    ['bytes=-100', '0123456789', 'bytes 0-9/10'],
  ])('is read by %s', async (Range, text, ContentRange) => {
    const { Body, ...answer } = await s3.get('key', { Range });
    expect(answer).toMatchObject({
      ContentRange,
      ContentLength: text.length,
      $metadata: { httpStatusCode: 206 },
    });
    expect(await Body?.transformToString()).toBe(text);
  });

  test.each(['bytes=0-1,3-4', 'bytes=3-1', 'lines=1-2', 'bytes=x'])(
    'is the whole object for %s',
    async (Range) => {
      expect(await s3.read('key', { Range })).toBe('0123456789');
    },
  );

  test('after the end of the object is refused', async () => {
    await expect(s3.get('key', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      ActualObjectSize: '10',
      $metadata: { httpStatusCode: 416 },
    });
  });

  test('is correct at every offset of a large body', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    await s3.put('large', bytes);
    await fc.assert(
      fc.asyncProperty(fc.nat(299_999), fc.nat(299_999), async (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const { Body } = await s3.get('large', { Range: `bytes=${from}-${to}` });
        const read = Buffer.from((await Body?.transformToByteArray()) ?? []);
        expect(read.equals(bytes.subarray(from, to + 1))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});

describe('conditions', () => {
  const etag = `"${createHash('md5').update('body').digest('hex')}"`;
  const before = new Date(START_MS - 1000);
  const after = new Date(START_MS + 1000);
  beforeEach(() => s3.put('key'));

  test.each([
    [{ IfMatch: etag }],
    [{ IfMatch: '*' }],
    [{ IfNoneMatch: '"other"' }],
    [{ IfModifiedSince: before }],
    [{ IfUnmodifiedSince: after }],
    [{ IfMatch: etag, IfUnmodifiedSince: before }],
    [{ IfNoneMatch: '"other"', IfModifiedSince: after }],
  ])('that hold let GetObject succeed: %j', async (conditions) => {
    expect(await s3.read('key', conditions)).toBe('body');
  });

  test.each([
    [{ IfMatch: '"other"' }, 412],
    [{ IfUnmodifiedSince: before }, 412],
    [{ IfNoneMatch: etag }, 304],
    [{ IfModifiedSince: new Date(START_MS) }, 304],
  ])('that fail stop GetObject: %j', async (conditions, httpStatusCode) => {
    await expect(s3.get('key', conditions)).rejects.toMatchObject({ $metadata: { httpStatusCode } });
  });

  test('answer 304 with the ETag when the caller has the object', async () => {
    const headers = { 'if-none-match': etag };
    const answer = await callWire(s3.handle, wireRequest('GET', '/bucket/key', { headers }));
    expect(answer).toMatchObject({ status: 304, text: '', headers: { etag } });
  });

  test('on PutObject protect the replaced object', async () => {
    await s3.put('new', 'x', { IfNoneMatch: '*' });
    await s3.put('key', 'two', { IfMatch: etag });
    await expect(s3.put('key', 'x', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      Condition: 'If-None-Match',
    });
    await expect(s3.put('key', 'x', { IfMatch: etag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      Condition: 'If-Match',
    });
    await expect(s3.put('missing', 'x', { IfMatch: etag })).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(s3.put('key', 'x', { IfNoneMatch: etag })).rejects.toMatchObject({ name: 'NotImplemented' });
    expect(await s3.read('key')).toBe('two');
  });

  test('let exactly one of several concurrent writers create a key', async () => {
    const results = await Promise.allSettled(
      ['a', 'b', 'c'].map((text) => s3.put('once', text, { IfNoneMatch: '*' })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('on DeleteObject protect the deleted object', async () => {
    const remove = (IfMatch: string) =>
      s3.client.send(new DeleteObjectCommand({ Bucket: 'bucket', Key: 'key', IfMatch }));
    await expect(remove('"other"')).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await remove(etag);
    await expect(s3.get('key')).rejects.toBeInstanceOf(NoSuchKey);
  });

  test('that only directory buckets support are refused, not ignored', async () => {
    const append = s3.put('key', 'more', { WriteOffsetBytes: 4 });
    await expect(append).rejects.toMatchObject({ name: 'NotImplemented' });
    const remove = (condition: Partial<ObjectIdentifier>) =>
      s3.client.send(
        new DeleteObjectsCommand({ Bucket: 'bucket', Delete: { Objects: [{ Key: 'key', ...condition }] } }),
      );
    for (const condition of [{ Size: 1 }, { LastModifiedTime: before }])
      expect((await remove(condition)).Errors).toMatchObject([{ Key: 'key', Code: 'NotImplemented' }]);
    expect(await s3.read('key')).toBe('body');
  });
});
