import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, s3Client, startS3WithBucket, TARGET } from '../../../support/s3.ts';

const md5 = (...pieces: (string | Buffer)[]) => {
  const hash = createHash('md5');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
};

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket({ limits: { minPartBytes: 5 } });
});

describe('an upload in parts', () => {
  test('becomes one object with the properties of CreateMultipartUpload', async () => {
    const id = await s3.startUpload({
      ContentType: 'text/plain',
      Metadata: { a: 'b' },
      Tagging: 'k=v',
      StorageClass: 'STANDARD_IA',
    });
    const second = await s3.uploadPart(id, 2, 'world');
    const parts = [await s3.uploadPart(id, 1, 'hello '), second];
    await expect(s3.get()).rejects.toMatchObject({ name: 'NoSuchKey' });
    const { ETag, Location, Key } = await s3.completeUpload(id, parts);
    expect(ETag).toBe(`"${md5(md5('hello '), md5('world')).toString('hex')}-2"`);
    expect([Location, Key]).toEqual([expect.stringContaining('/bucket/key'), 'key']);
    expect(await s3.read()).toBe('hello world');
    expect(await s3.client.send(new HeadObjectCommand(TARGET))).toMatchObject({
      ETag,
      ContentLength: 11,
      ContentType: 'text/plain',
      Metadata: { a: 'b' },
      TagCount: 1,
      StorageClass: 'STANDARD_IA',
    });
  });

  test('can store more than the limit of one PutObject', async () => {
    s3 = await startS3WithBucket({ limits: { minPartBytes: 5, maxUploadBytes: 10 } });
    const put = (Body: string) => s3.client.send(new PutObjectCommand({ ...TARGET, Body }));
    await put('0123456789');
    await expect(put('0123456789a')).rejects.toMatchObject({ name: 'EntityTooLarge', MaxSizeAllowed: '10' });
    const id = await s3.startUpload();
    await s3.completeUpload(id, [await s3.uploadPart(id, 1, '0123456789'), await s3.uploadPart(id, 2, 'a')]);
    expect(await s3.read()).toBe('0123456789a');
  });

  test('uses the last upload of each part and only the listed parts', async () => {
    const id = await s3.startUpload();
    await s3.uploadPart(id, 1, 'first');
    const parts = [await s3.uploadPart(id, 1, 'again'), await s3.uploadPart(id, 7, 'x')];
    await s3.uploadPart(id, 9, 'unused');
    await s3.completeUpload(id, parts);
    expect(await s3.read()).toBe('againx');
  });

  test('can be read by part and by range', async () => {
    const id = await s3.startUpload();
    await s3.completeUpload(id, [await s3.uploadPart(id, 1, 'hello '), await s3.uploadPart(id, 2, 'world')]);
    expect(await s3.read(TARGET.Key, { Range: 'bytes=4-7' })).toBe('o wo');
    expect(await s3.get(TARGET.Key, { PartNumber: 2 })).toMatchObject({
      ContentRange: 'bytes 6-10/11',
      PartsCount: 2,
      ContentLength: 5,
    });
    expect(await s3.read(TARGET.Key, { PartNumber: 2 })).toBe('world');
    await expect(s3.get(TARGET.Key, { PartNumber: 3 })).rejects.toMatchObject({ name: 'InvalidPartNumber' });
    await expect(s3.get(TARGET.Key, { PartNumber: 1, Range: 'bytes=0-1' })).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
  });

  test('can be copied, and the copy has a single part', async () => {
    const id = await s3.startUpload();
    await s3.completeUpload(id, [await s3.uploadPart(id, 1, 'hello '), await s3.uploadPart(id, 2, 'world')]);
    const copy = { Bucket: 'bucket', Key: 'copy' };
    const { CopyObjectResult } = await s3.client.send(
      new CopyObjectCommand({ ...copy, CopySource: 'bucket/key' }),
    );
    expect(CopyObjectResult?.ETag).toBe(`"${md5('hello world').toString('hex')}"`);
    await s3.client.send(new PutObjectCommand({ ...TARGET, Body: 'other' }));
    const { Body, PartsCount } = await s3.client.send(new GetObjectCommand({ ...copy, PartNumber: 1 }));
    expect([await Body?.transformToString(), PartsCount]).toEqual(['hello world', undefined]);
  });

  test('is listed while it is in progress, and removed by an abort', async () => {
    const id = await s3.startUpload({ ChecksumAlgorithm: 'CRC32' });
    for (const number of [1, 2, 3]) await s3.uploadPart(id, number, `part ${number}`);
    const list = (more: object) => s3.client.send(new ListPartsCommand({ ...TARGET, UploadId: id, ...more }));
    const page = await list({ MaxParts: 2 });
    expect(page).toMatchObject({
      IsTruncated: true,
      NextPartNumberMarker: '2',
      ChecksumAlgorithm: 'CRC32',
      Parts: [{ PartNumber: 1, Size: 6 }, { PartNumber: 2 }],
    });
    expect(await list({ PartNumberMarker: '2' })).toMatchObject({
      IsTruncated: false,
      Parts: [{ PartNumber: 3 }],
    });
    const { Uploads } = await s3.client.send(new ListMultipartUploadsCommand({ Bucket: 'bucket' }));
    expect(Uploads).toMatchObject([{ UploadId: id, Key: 'key', StorageClass: 'STANDARD' }]);
    await s3.client.send(new AbortMultipartUploadCommand({ ...TARGET, UploadId: id }));
    await expect(list({})).rejects.toMatchObject({ name: 'NoSuchUpload' });
    await expect(s3.uploadPart(id, 1, 'late')).rejects.toMatchObject({ name: 'NoSuchUpload' });
    await s3.client.send(new DeleteBucketCommand({ Bucket: 'bucket' }));
  });

  test('is listed with the principal that started it, whoever lists it', async () => {
    const other = s3Client(s3.handle, { credentials: { accessKeyId: 'other', secretAccessKey: 'x' } });
    const UploadId = await s3.startUpload();
    const { Uploads = [] } = await other.send(new ListMultipartUploadsCommand({ Bucket: 'bucket' }));
    const { Initiator } = await other.send(new ListPartsCommand({ ...TARGET, UploadId }));
    const own = await s3.client.send(new ListPartsCommand({ ...TARGET, UploadId }));
    expect([Uploads[0]?.Initiator, Initiator]).toEqual([own.Initiator, own.Initiator]);
    expect(own.Initiator?.ID).not.toContain('other');
  });

  test('is listed in pages, by prefix and by common prefix', async () => {
    for (const Key of ['a', 'b/1', 'b/2', 'c', 'c']) await s3.startUpload({ Key });
    const page = (more: object) =>
      s3.client.send(new ListMultipartUploadsCommand({ Bucket: 'bucket', ...more }));
    const listed: (string | undefined)[] = [];
    let markers: object = {};
    for (let more = true; more; ) {
      const {
        Uploads = [],
        NextKeyMarker,
        NextUploadIdMarker,
        IsTruncated,
      } = await page({ MaxUploads: 2, ...markers });
      listed.push(...Uploads.map(({ Key }) => Key));
      markers = { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker };
      more = IsTruncated === true;
    }
    expect(listed).toEqual(['a', 'b/1', 'b/2', 'c', 'c']);
    expect((await page({ Prefix: 'b' })).Uploads).toHaveLength(2);
    expect(await page({ Delimiter: '/' })).toMatchObject({
      CommonPrefixes: [{ Prefix: 'b/' }],
      Uploads: [{ Key: 'a' }, { Key: 'c' }, { Key: 'c' }],
    });
    expect((await page({ KeyMarker: 'c' })).Uploads).toBeUndefined();
  });
});

describe('a part', () => {
  test('can be a copy of an object or of a range of it', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'source', Body: '0123456789' }));
    const UploadId = await s3.startUpload();
    const copy = (PartNumber: number, CopySourceRange?: string) =>
      s3.client.send(
        new UploadPartCopyCommand({
          ...TARGET,
          UploadId,
          PartNumber,
          CopySource: 'bucket/source',
          CopySourceRange,
        }),
      );
    const first = await copy(1, 'bytes=2-6');
    const second = await copy(2);
    await s3.completeUpload(UploadId, [
      { PartNumber: 1, ETag: first.CopyPartResult?.ETag },
      { PartNumber: 2, ETag: second.CopyPartResult?.ETag },
    ]);
    expect(await s3.read()).toBe('234560123456789');
    for (const range of ['bytes=5-10', 'bytes=-2', '2-3']) {
      const id = await s3.startUpload();
      const call = s3.client.send(
        new UploadPartCopyCommand({
          ...TARGET,
          UploadId: id,
          PartNumber: 1,
          CopySource: 'bucket/source',
          CopySourceRange: range,
        }),
      );
      await expect(call).rejects.toMatchObject({
        name: 'InvalidArgument',
        ArgumentName: 'x-amz-copy-source-range',
      });
    }
  });

  test('fails the upload if it is too small, missing, wrong or out of order', async () => {
    const id = await s3.startUpload();
    const [small, big, last] = [
      await s3.uploadPart(id, 1, 'tiny'),
      await s3.uploadPart(id, 2, 'large'),
      await s3.uploadPart(id, 3, 'x'),
    ];
    await expect(s3.completeUpload(id, [small, big])).rejects.toMatchObject({
      name: 'EntityTooSmall',
      ProposedSize: '4',
      MinSizeAllowed: '5',
    });
    await expect(s3.completeUpload(id, [last, big])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(s3.completeUpload(id, [big, big])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(s3.completeUpload(id, [big, { PartNumber: 4, ETag: '"x"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
      PartNumber: '4',
    });
    await expect(s3.completeUpload(id, [{ PartNumber: 2, ETag: '"x"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    await expect(s3.completeUpload(id, [])).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: 'You must specify at least one part',
    });
    await expect(s3.completeUpload(id, [big, last], { MpuObjectSize: 7 })).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
    await s3.completeUpload(id, [big, last], { MpuObjectSize: 6 });
    expect(await s3.read()).toBe('largex');
  });

  test.each([0, 10_001])('cannot have the number %i', async (number) => {
    await expect(s3.uploadPart(await s3.startUpload(), number, 'x')).rejects.toMatchObject({
      name: 'InvalidArgument',
      ArgumentName: 'partNumber',
    });
  });
});
