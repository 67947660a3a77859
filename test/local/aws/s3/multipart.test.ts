import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, startS3 } from '../../../support/s3.ts';

const target = { Bucket: 'bucket', Key: 'key' };
const md5 = (...pieces: (string | Buffer)[]) => {
  const hash = createHash('md5');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
};

let s3: S3Stack;
beforeEach(async () => {
  s3 = startS3({ limits: { minPartBytes: 5 } });
  await s3.client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
});

const start = async (more: Partial<CreateMultipartUploadCommandInput> = {}) =>
  (await s3.client.send(new CreateMultipartUploadCommand({ ...target, ...more }))).UploadId ?? '';
const upload = async (UploadId: string, PartNumber: number, Body: string) => {
  const { ETag } = await s3.client.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }));
  return { PartNumber, ETag };
};
const complete = (
  UploadId: string,
  Parts: CompletedPart[],
  more: Partial<CompleteMultipartUploadCommandInput> = {},
) =>
  s3.client.send(
    new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts }, ...more }),
  );
const get = (more: object = {}) => s3.client.send(new GetObjectCommand({ ...target, ...more }));
const read = async (more: object = {}) => (await get(more)).Body?.transformToString();

describe('an upload in parts', () => {
  test('becomes one object, with the properties that it was begun with', async () => {
    const id = await start({
      ContentType: 'text/plain',
      Metadata: { a: 'b' },
      Tagging: 'k=v',
      StorageClass: 'STANDARD_IA',
    });
    const second = await upload(id, 2, 'world');
    const parts = [await upload(id, 1, 'hello '), second];
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey' });
    const { ETag, Location, Key } = await complete(id, parts);
    expect(ETag).toBe(`"${md5(md5('hello '), md5('world')).toString('hex')}-2"`);
    expect([Location, Key]).toEqual([expect.stringContaining('/bucket/key'), 'key']);
    expect(await read()).toBe('hello world');
    expect(await s3.client.send(new HeadObjectCommand(target))).toMatchObject({
      ETag,
      ContentLength: 11,
      ContentType: 'text/plain',
      Metadata: { a: 'b' },
      TagCount: 1,
      StorageClass: 'STANDARD_IA',
    });
  });

  test('is needed for more than one put may carry', async () => {
    s3 = startS3({ limits: { minPartBytes: 5, maxUploadBytes: 10 } });
    await s3.client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
    const put = (Body: string) => s3.client.send(new PutObjectCommand({ ...target, Body }));
    await put('0123456789');
    await expect(put('0123456789a')).rejects.toMatchObject({ name: 'EntityTooLarge', MaxSizeAllowed: '10' });
    const id = await start();
    await complete(id, [await upload(id, 1, '0123456789'), await upload(id, 2, 'a')]);
    expect(await read()).toBe('0123456789a');
  });

  test('takes the last upload of a part, and only the parts that are listed', async () => {
    const id = await start();
    await upload(id, 1, 'first');
    const parts = [await upload(id, 1, 'again'), await upload(id, 7, 'x')];
    await upload(id, 9, 'unused');
    await complete(id, parts);
    expect(await read()).toBe('againx');
    await expect(complete(id, parts)).rejects.toMatchObject({ name: 'NoSuchUpload', UploadId: id });
  });

  test('is read by part and by range', async () => {
    const id = await start();
    await complete(id, [await upload(id, 1, 'hello '), await upload(id, 2, 'world')]);
    expect(await read({ Range: 'bytes=4-7' })).toBe('o wo');
    expect(await get({ PartNumber: 2 })).toMatchObject({
      ContentRange: 'bytes 6-10/11',
      PartsCount: 2,
      ContentLength: 5,
    });
    expect(await read({ PartNumber: 2 })).toBe('world');
    await expect(get({ PartNumber: 3 })).rejects.toMatchObject({ name: 'InvalidPartNumber' });
    await expect(get({ PartNumber: 1, Range: 'bytes=0-1' })).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
  });

  test('survives being copied, and the copy is an object of one piece', async () => {
    const id = await start();
    await complete(id, [await upload(id, 1, 'hello '), await upload(id, 2, 'world')]);
    const copy = { Bucket: 'bucket', Key: 'copy' };
    const { CopyObjectResult } = await s3.client.send(
      new CopyObjectCommand({ ...copy, CopySource: 'bucket/key' }),
    );
    expect(CopyObjectResult?.ETag).toBe(`"${md5('hello world').toString('hex')}"`);
    await s3.client.send(new PutObjectCommand({ ...target, Body: 'other' }));
    const { Body, PartsCount } = await s3.client.send(new GetObjectCommand({ ...copy, PartNumber: 1 }));
    expect([await Body?.transformToString(), PartsCount]).toEqual(['hello world', undefined]);
  });

  test('is listed while it is under way, and gone when it is aborted', async () => {
    const id = await start({ ChecksumAlgorithm: 'CRC32' });
    for (const number of [1, 2, 3]) await upload(id, number, `part ${number}`);
    const list = (more: object) => s3.client.send(new ListPartsCommand({ ...target, UploadId: id, ...more }));
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
    await s3.client.send(new AbortMultipartUploadCommand({ ...target, UploadId: id }));
    await expect(list({})).rejects.toMatchObject({ name: 'NoSuchUpload' });
    await expect(upload(id, 1, 'late')).rejects.toMatchObject({ name: 'NoSuchUpload' });
    await s3.client.send(new DeleteBucketCommand({ Bucket: 'bucket' }));
  });

  test('is listed in pages, by prefix and rolled up', async () => {
    for (const Key of ['a', 'b/1', 'b/2', 'c', 'c']) await start({ Key });
    const page = (more: object) =>
      s3.client.send(new ListMultipartUploadsCommand({ Bucket: 'bucket', ...more }));
    const seen: (string | undefined)[] = [];
    let markers: object = {};
    for (let more = true; more; ) {
      const {
        Uploads = [],
        NextKeyMarker,
        NextUploadIdMarker,
        IsTruncated,
      } = await page({ MaxUploads: 2, ...markers });
      seen.push(...Uploads.map(({ Key }) => Key));
      markers = { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker };
      more = IsTruncated === true;
    }
    expect(seen).toEqual(['a', 'b/1', 'b/2', 'c', 'c']);
    expect((await page({ Prefix: 'b' })).Uploads).toHaveLength(2);
    expect(await page({ Delimiter: '/' })).toMatchObject({
      CommonPrefixes: [{ Prefix: 'b/' }],
      Uploads: [{ Key: 'a' }, { Key: 'c' }, { Key: 'c' }],
    });
    expect((await page({ KeyMarker: 'c' })).Uploads).toBeUndefined();
  });
});

describe('a part', () => {
  test('may be copied from an object, whole or in a range', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'source', Body: '0123456789' }));
    const UploadId = await start();
    const copy = (PartNumber: number, CopySourceRange?: string) =>
      s3.client.send(
        new UploadPartCopyCommand({
          ...target,
          UploadId,
          PartNumber,
          CopySource: 'bucket/source',
          CopySourceRange,
        }),
      );
    const first = await copy(1, 'bytes=2-6');
    const second = await copy(2);
    await complete(UploadId, [
      { PartNumber: 1, ETag: first.CopyPartResult?.ETag },
      { PartNumber: 2, ETag: second.CopyPartResult?.ETag },
    ]);
    expect(await read()).toBe('234560123456789');
    for (const range of ['bytes=5-10', 'bytes=-2', '2-3']) {
      const id = await start();
      const call = s3.client.send(
        new UploadPartCopyCommand({
          ...target,
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

  test('that is too small, missing, wrong or out of order stops the upload', async () => {
    const id = await start();
    const [small, big, last] = [
      await upload(id, 1, 'tiny'),
      await upload(id, 2, 'large'),
      await upload(id, 3, 'x'),
    ];
    await expect(complete(id, [small, big])).rejects.toMatchObject({
      name: 'EntityTooSmall',
      ProposedSize: '4',
      MinSizeAllowed: '5',
    });
    await expect(complete(id, [last, big])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete(id, [big, big])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete(id, [big, { PartNumber: 4, ETag: '"x"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
      PartNumber: '4',
    });
    await expect(complete(id, [{ PartNumber: 2, ETag: '"x"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    await expect(complete(id, [])).rejects.toMatchObject({ name: 'MalformedXML' });
    await expect(complete(id, [big, last], { MpuObjectSize: 7 })).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
    await complete(id, [big, last], { MpuObjectSize: 6 });
    expect(await read()).toBe('largex');
  });

  test.each([0, 10_001])('cannot have the number %i', async (number) => {
    await expect(upload(await start(), number, 'x')).rejects.toMatchObject({
      name: 'InvalidArgument',
      ArgumentName: 'partNumber',
    });
  });
});
