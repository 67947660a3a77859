import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type S3Stack, START_MS, startS3WithBucket } from '../../../support/s3.ts';
import { callWire, wireRequest } from '../../../support/wire.ts';

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket();
});

describe('an object', () => {
  test('is returned as it was put, with its properties', async () => {
    const { ETag } = await s3.put('a key', 'hello', {
      ContentType: 'text/plain',
      CacheControl: 'no-cache',
      ContentLanguage: 'en',
      Metadata: { colour: 'red', 'with-dash': 'x y' },
      Tagging: 'a=1&b=x%20y',
      StorageClass: 'STANDARD_IA',
      WebsiteRedirectLocation: '/other',
    });
    expect(ETag).toBe(`"${createHash('md5').update('hello').digest('hex')}"`);
    const { Body, $metadata, ...answer } = await s3.get('a key');
    expect(await Body?.transformToString()).toBe('hello');
    expect(answer).toMatchObject({
      ETag,
      ContentLength: 5,
      ContentType: 'text/plain',
      CacheControl: 'no-cache',
      ContentLanguage: 'en',
      Metadata: { colour: 'red', 'with-dash': 'x y' },
      TagCount: 2,
      StorageClass: 'STANDARD_IA',
      WebsiteRedirectLocation: '/other',
      AcceptRanges: 'bytes',
      LastModified: new Date(START_MS),
      ServerSideEncryption: 'AES256',
    });
    expect(answer.VersionId).toBeUndefined();
    const head = await s3.client.send(new HeadObjectCommand({ Bucket: 'bucket', Key: 'a key' }));
    expect(head).toMatchObject({ ETag, ContentLength: 5, Metadata: { colour: 'red', 'with-dash': 'x y' } });
  });

  test('has a default content type, and no body when it is empty', async () => {
    await s3.put('empty', new Uint8Array(), { ContentType: undefined });
    const { Body, ContentLength, ContentType } = await s3.get('empty');
    expect([await Body?.transformToString(), ContentLength]).toEqual(['', 0]);
    expect(ContentType).toBe('application/octet-stream');
  });

  test('is replaced by the next put of its key', async () => {
    await s3.put('key', 'one', { Tagging: 'a=1' });
    await s3.put('key', 'two');
    expect(await s3.read('key')).toBe('two');
    expect((await s3.get('key')).TagCount).toBeUndefined();
  });

  test('can have any bytes of any size', async () => {
    for (const size of [65_535, 65_536, 65_537, 1_000_000]) {
      const bytes = Buffer.alloc(size, 'abcdefghijklm');
      await s3.put('large', bytes);
      const read = await (await s3.get('large')).Body?.transformToByteArray();
      expect(Buffer.compare(Buffer.from(read ?? []), bytes)).toBe(0);
    }
  });

  test('can have a key with special characters', async () => {
    const special = [
      'a b',
      'a+b',
      'a%2Fb',
      '../up',
      'a//b',
      '/',
      '//',
      'a/',
      'a/./b',
      '"\'<&>',
      'line\nbreak',
      '\u0001',
      'ż/😀',
      '?acl',
      '#x',
    ];
    for (const key of special) {
      await s3.put(key, key);
      expect(await s3.read(key)).toBe(key);
    }
  });

  test('can have any key', async () => {
    const key = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 200 })
      .filter((text) => Buffer.byteLength(text) <= 1024);
    await fc.assert(
      fc.asyncProperty(key, async (any) => {
        const call = (method: string, body = '') =>
          callWire(s3.handle, wireRequest(method, `/bucket/${encodeURIComponent(any)}`, { body }));
        await call('PUT', any);
        expect((await call('GET')).text).toBe(any);
        await call('DELETE');
        expect((await call('GET')).status).toBe(404);
      }),
      { numRuns: 25 },
    );
  });

  test('can have a key of at most 1,024 bytes', async () => {
    await s3.put('k'.repeat(1024));
    await expect(s3.put('k'.repeat(1025))).rejects.toMatchObject({
      name: 'KeyTooLongError',
      MaxSizeAllowed: '1024',
    });
  });

  test('can have at most 2 KB of metadata', async () => {
    await expect(s3.put('key', 'x', { Metadata: { a: 'x'.repeat(2048) } })).rejects.toMatchObject({
      name: 'MetadataTooLarge',
    });
  });

  test('is NoSuchKey, with its key, if it does not exist', async () => {
    await expect(s3.get('missing')).rejects.toMatchObject({
      name: 'NoSuchKey',
      Key: 'missing',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(
      s3.client.send(new HeadObjectCommand({ Bucket: 'bucket', Key: 'missing' })),
    ).rejects.toMatchObject({ name: 'NotFound' });
    await expect(s3.client.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'k' }))).rejects.toMatchObject(
      { name: 'NoSuchBucket', BucketName: 'nowhere' },
    );
  });

  test('is refused if the request expects another bucket owner', async () => {
    await expect(s3.put('key', 'x', { ExpectedBucketOwner: '111111111111' })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  test('cannot have a storage class that does not exist', async () => {
    await expect(s3.put('key', 'x', { StorageClass: 'OUTPOSTS' })).rejects.toMatchObject({
      name: 'InvalidStorageClass',
    });
  });

  test('keeps an Expires header that is not a date', async () => {
    const client = s3.client;
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['expires'] = 'never';
        return next(args);
      },
      { step: 'build', name: 'expires' },
    );
    await s3.put('key');
    client.middlewareStack.remove('expires');
    expect((await s3.get('key')).ExpiresString).toBe('never');
  });
});

describe('deleting', () => {
  test('a missing object succeeds', async () => {
    const { $metadata } = await s3.client.send(new DeleteObjectCommand({ Bucket: 'bucket', Key: 'missing' }));
    expect($metadata.httpStatusCode).toBe(204);
  });

  test('many objects lists each of them, or only the failures', async () => {
    await s3.put('a');
    await s3.put('b & <b>');
    const Objects = [
      { Key: 'a' },
      { Key: 'b & <b>' },
      { Key: 'missing' },
      { Key: 'a', VersionId: 'nonsense' },
    ];
    const remove = (Quiet: boolean) =>
      s3.client.send(new DeleteObjectsCommand({ Bucket: 'bucket', Delete: { Objects, Quiet } }));
    const errors = [
      {
        Key: 'a',
        VersionId: 'nonsense',
        Code: 'NoSuchVersion',
        Message: 'The specified version does not exist.',
      },
    ];
    expect(await remove(false)).toMatchObject({
      Deleted: [{ Key: 'a' }, { Key: 'b & <b>' }, { Key: 'missing' }],
      Errors: errors,
    });
    const quiet = await remove(true);
    expect([quiet.Deleted, quiet.Errors]).toEqual([undefined, errors]);
    await expect(s3.get('a')).rejects.toBeInstanceOf(NoSuchKey);
  });

  test('more than 1,000 objects at once is refused', async () => {
    const Objects = Array.from({ length: 1001 }, (_, index) => ({ Key: `k${index}` }));
    await expect(
      s3.client.send(new DeleteObjectsCommand({ Bucket: 'bucket', Delete: { Objects } })),
    ).rejects.toMatchObject({ name: 'MalformedXML' });
  });
});
