import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, START_MS, startS3WithBucket } from '../../../support/s3.ts';

let s3: S3Stack;
const source = { Bucket: 'bucket', Key: 'a source/\u017C+1' };
const CopySource = `bucket/${encodeURIComponent(source.Key)}`;
const target = { Bucket: 'bucket', Key: 'target' };

beforeEach(async () => {
  s3 = await startS3WithBucket({ limits: { maxUploadBytes: 300_000, minPartBytes: 1 } });
  await s3.client.send(
    new PutObjectCommand({
      ...source,
      Body: 'body',
      ContentType: 'text/plain',
      Metadata: { colour: 'red' },
      Tagging: 'a=1',
      StorageClass: 'STANDARD_IA',
      WebsiteRedirectLocation: '/elsewhere',
      ChecksumAlgorithm: 'SHA1',
    }),
  );
});

const copy = (more: Partial<CopyObjectCommandInput> = {}) =>
  s3.client.send(new CopyObjectCommand({ ...target, CopySource, ...more }));
const head = (input = target) => s3.client.send(new HeadObjectCommand({ ...input, ChecksumMode: 'ENABLED' }));
const tags = async () => (await s3.client.send(new GetObjectTaggingCommand(target))).TagSet;
const read = async (input = target) =>
  (await s3.client.send(new GetObjectCommand(input))).Body?.transformToString();

describe('a copy', () => {
  test('keeps body, headers, metadata, tags and checksum of the source, but not storage class and redirect', async () => {
    const { CopyObjectResult } = await copy();
    const { ETag, ChecksumSHA1 } = await head(source);
    expect(CopyObjectResult).toMatchObject({ ETag, ChecksumSHA1, LastModified: new Date(START_MS) });
    expect(await head()).toMatchObject({
      ETag,
      ContentType: 'text/plain',
      Metadata: { colour: 'red' },
      ChecksumSHA1,
    });
    expect(await head()).not.toHaveProperty('StorageClass');
    expect(await head()).not.toHaveProperty('WebsiteRedirectLocation');
    expect(await tags()).toEqual([{ Key: 'a', Value: '1' }]);
    expect(await read()).toBe('body');
  });

  test('replaces metadata and tags with the directive REPLACE', async () => {
    await copy({
      MetadataDirective: 'REPLACE',
      Metadata: { size: 'xl' },
      ContentType: 'text/css',
      TaggingDirective: 'REPLACE',
      Tagging: 'b=2',
      StorageClass: 'GLACIER_IR',
    });
    expect(await head()).toMatchObject({
      ContentType: 'text/css',
      Metadata: { size: 'xl' },
      StorageClass: 'GLACIER_IR',
    });
    expect(await tags()).toEqual([{ Key: 'b', Value: '2' }]);
  });

  test('gets a checksum in the requested algorithm', async () => {
    const { CopyObjectResult } = await copy({ ChecksumAlgorithm: 'CRC32C' });
    expect(CopyObjectResult?.ChecksumCRC32C).toBeDefined();
    expect((await head()).ChecksumCRC32C).toBe(CopyObjectResult?.ChecksumCRC32C);
  });

  test('can be read after its source is deleted', async () => {
    await s3.client.send(new PutObjectCommand({ ...source, Body: 'x'.repeat(200_000) }));
    await copy();
    await s3.client.send(new DeleteObjectCommand(source));
    expect((await read())?.length).toBe(200_000);
  });

  test('onto itself is refused without a change', async () => {
    await expect(copy(source)).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringContaining('copy an object to itself'),
    });
    await copy({ ...source, StorageClass: 'STANDARD' });
    expect(await head(source)).not.toHaveProperty('StorageClass');
    expect(await read(source)).toBe('body');
  });

  test('of an object that is too large for one call is refused', async () => {
    const [half, key] = [Buffer.alloc(200_000), 'large'];
    const { UploadId } = await s3.client.send(
      new CreateMultipartUploadCommand({ Bucket: 'bucket', Key: key }),
    );
    const part = { Bucket: 'bucket', Key: key, UploadId };
    const Parts = [];
    for (const PartNumber of [1, 2]) {
      const { ETag } = await s3.client.send(new UploadPartCommand({ ...part, PartNumber, Body: half }));
      Parts.push({ PartNumber, ETag });
    }
    await s3.client.send(new CompleteMultipartUploadCommand({ ...part, MultipartUpload: { Parts } }));
    await expect(copy({ CopySource: 'bucket/large' })).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringContaining('maximum allowable size'),
    });
  });

  const past = new Date(START_MS - 1000);
  test.each<[string, Partial<CopyObjectCommandInput>]>([
    ['PreconditionFailed', { CopySourceIfMatch: '"other"' }],
    ['PreconditionFailed', { CopySourceIfNoneMatch: '*' }],
    ['PreconditionFailed', { CopySourceIfModifiedSince: new Date(START_MS) }],
    ['PreconditionFailed', { CopySourceIfUnmodifiedSince: past }],
    ['PreconditionFailed', { Key: source.Key, IfNoneMatch: '*', StorageClass: 'STANDARD' }],
    ['NoSuchKey', { CopySource: 'bucket/missing' }],
    ['NoSuchBucket', { CopySource: 'nowhere/key' }],
    ['InvalidArgument', { CopySource: 'bucket' }],
    ['InvalidArgument', { CopySource: 'bucket/%zz' }],
    ['InvalidArgument', { MetadataDirective: 'MERGE' as 'COPY' }],
    ['InvalidArgument', { TaggingDirective: 'MERGE' as 'COPY' }],
    ['AccessDenied', { ExpectedSourceBucketOwner: '111111111111' }],
  ])('answers %s to %j', async (name, input) => {
    await expect(copy(input)).rejects.toMatchObject({ name });
  });
});
