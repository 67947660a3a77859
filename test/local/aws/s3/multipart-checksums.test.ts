import { createHash } from 'node:crypto';
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { checksumOf } from '../../../../local/aws/s3/payload/checksums.ts';
import { type S3Stack, startS3 } from '../../../support/s3.ts';

const target = { Bucket: 'bucket', Key: 'key' };
const _md5 = (...pieces: (string | Buffer)[]) => {
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

describe('the checksum of an upload in parts', () => {
  const bytes = [Buffer.from('hello '), Buffer.from('world')];
  const head = () => s3.client.send(new HeadObjectCommand({ ...target, ChecksumMode: 'ENABLED' }));
  const run = async (
    more: Partial<CreateMultipartUploadCommandInput>,
    end: Partial<CompleteMultipartUploadCommandInput> = {},
  ) => {
    const UploadId = await start(more);
    const parts: CompletedPart[] = [];
    for (const [index, Body] of bytes.entries()) {
      const { $metadata, ServerSideEncryption, ...part } = await s3.client.send(
        new UploadPartCommand({
          ...target,
          UploadId,
          PartNumber: index + 1,
          Body,
          ChecksumAlgorithm: more.ChecksumAlgorithm,
        }),
      );
      parts.push({ ...part, PartNumber: index + 1 });
    }
    return complete(UploadId, parts, end);
  };

  test('is that of the parts for a hash', async () => {
    const answer = await run({ ChecksumAlgorithm: 'SHA256' });
    const parts = await Promise.all(
      bytes.map(async (part) => Buffer.from(await checksumOf('SHA256', part), 'base64')),
    );
    const expected = {
      ChecksumSHA256: `${await checksumOf('SHA256', ...parts)}-2`,
      ChecksumType: 'COMPOSITE',
    };
    expect(answer).toMatchObject(expected);
    expect(await head()).toMatchObject(expected);
    expect(await read()).toBe('hello world');
  });

  test('is that of the whole for CRC64NVME, which is also what nobody asked for', async () => {
    const expected = {
      ChecksumCRC64NVME: await checksumOf('CRC64NVME', ...bytes),
      ChecksumType: 'FULL_OBJECT',
    };
    expect(await run({})).toMatchObject(expected);
    expect(await run({ ChecksumAlgorithm: 'CRC64NVME' })).toMatchObject(expected);
    expect(await head()).toMatchObject(expected);
  });

  test('is that of the whole for CRC32 when asked for, and must be what the client says', async () => {
    const value = await checksumOf('CRC32', ...bytes);
    const plan = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const;
    expect(await run(plan, { ChecksumCRC32: value })).toMatchObject({
      ChecksumCRC32: value,
      ChecksumType: 'FULL_OBJECT',
    });
    await expect(run(plan, { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' });
  });

  test('must be the one that the upload was begun with', async () => {
    const id = await start({ ChecksumAlgorithm: 'SHA256' });
    await expect(upload(id, 1, 'x')).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: 'Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32',
    });
  });

  test('cannot be of the whole for a hash, nor composite for CRC64NVME', async () => {
    await expect(start({ ChecksumAlgorithm: 'SHA1', ChecksumType: 'FULL_OBJECT' })).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
    await expect(start({ ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' })).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
  });

  test('is told of each part by GetObjectAttributes, in pages', async () => {
    await run({ ChecksumAlgorithm: 'SHA1' });
    const attributes = (more: object = {}) =>
      s3.client.send(
        new GetObjectAttributesCommand({
          ...target,
          ObjectAttributes: ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'],
          ...more,
        }),
      );
    const { ETag, Checksum, ObjectParts, StorageClass, ObjectSize } = await attributes({ MaxParts: 1 });
    expect([ETag, StorageClass, ObjectSize, Checksum?.ChecksumType]).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}-2$/),
      'STANDARD',
      11,
      'COMPOSITE',
    ]);
    expect(ObjectParts).toMatchObject({
      TotalPartsCount: 2,
      IsTruncated: true,
      NextPartNumberMarker: '1',
      Parts: [{ PartNumber: 1, Size: 6, ChecksumSHA1: await checksumOf('SHA1', Buffer.from('hello ')) }],
    });
    expect((await attributes({ PartNumberMarker: '1' })).ObjectParts).toMatchObject({
      IsTruncated: false,
      Parts: [{ PartNumber: 2, Size: 5 }],
    });
  });
});
