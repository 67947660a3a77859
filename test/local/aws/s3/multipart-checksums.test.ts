import {
  type CompletedPart,
  type CompleteMultipartUploadCommandInput,
  type CreateMultipartUploadCommandInput,
  GetObjectAttributesCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { checksumOf } from '../../../../local/aws/s3/payload/checksums.ts';
import { type S3Stack, startS3WithBucket, TARGET } from '../../../support/s3.ts';

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket({ limits: { minPartBytes: 5 } });
});

describe('the checksum of an upload in parts', () => {
  const bytes = [Buffer.from('hello '), Buffer.from('world')];
  const head = () => s3.client.send(new HeadObjectCommand({ ...TARGET, ChecksumMode: 'ENABLED' }));
  const run = async (
    more: Partial<CreateMultipartUploadCommandInput>,
    end: Partial<CompleteMultipartUploadCommandInput> = {},
  ) => {
    const UploadId = await s3.startUpload(more);
    const parts: CompletedPart[] = [];
    for (const [index, Body] of bytes.entries()) {
      const { $metadata, ServerSideEncryption, ...part } = await s3.client.send(
        new UploadPartCommand({
          ...TARGET,
          UploadId,
          PartNumber: index + 1,
          Body,
          ChecksumAlgorithm: more.ChecksumAlgorithm,
        }),
      );
      parts.push({ ...part, PartNumber: index + 1 });
    }
    return s3.completeUpload(UploadId, parts, end);
  };

  test('is composite for a hash', async () => {
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
    expect(await s3.read()).toBe('hello world');
  });

  test('is of the full object for CRC64NVME, which is also the default', async () => {
    const expected = {
      ChecksumCRC64NVME: await checksumOf('CRC64NVME', ...bytes),
      ChecksumType: 'FULL_OBJECT',
    };
    expect(await run({})).toMatchObject(expected);
    expect(await run({ ChecksumAlgorithm: 'CRC64NVME' })).toMatchObject(expected);
    expect(await head()).toMatchObject(expected);
  });

  test('is of the full object for CRC32 on request, and must match the declared value', async () => {
    const value = await checksumOf('CRC32', ...bytes);
    const plan = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const;
    expect(await run(plan, { ChecksumCRC32: value })).toMatchObject({
      ChecksumCRC32: value,
      ChecksumType: 'FULL_OBJECT',
    });
    await expect(run(plan, { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' });
  });

  test('must use the algorithm of CreateMultipartUpload', async () => {
    const id = await s3.startUpload({ ChecksumAlgorithm: 'SHA256' });
    await expect(s3.uploadPart(id, 1, 'x')).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: 'Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32',
    });
  });

  test('cannot be of the full object for a hash, nor composite for CRC64NVME', async () => {
    await expect(
      s3.startUpload({ ChecksumAlgorithm: 'SHA1', ChecksumType: 'FULL_OBJECT' }),
    ).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
    await expect(
      s3.startUpload({ ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' }),
    ).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
  });

  test('is returned for each part by GetObjectAttributes, in pages', async () => {
    await run({ ChecksumAlgorithm: 'SHA1' });
    const attributes = (more: object = {}) =>
      s3.client.send(
        new GetObjectAttributesCommand({
          ...TARGET,
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
