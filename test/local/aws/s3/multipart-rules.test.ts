import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  GetObjectAttributesCommand,
  ListMultipartUploadsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { checksumOf } from '../../../../local/aws/s3/payload/checksums.ts';
import { type S3Stack, startS3WithBucket, TARGET } from '../../../support/s3.ts';
import { callWire, wireRequest } from '../../../support/wire.ts';

const HOUR_MS = 60 * 60 * 1000;
const noSuchUpload = { name: 'NoSuchUpload', $metadata: { httpStatusCode: 404 } };

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket({ limits: { minPartBytes: 1 } });
});

describe('CompleteMultipartUpload repeated with the same parts', () => {
  let id: string;
  let parts: CompletedPart[];
  let first: Awaited<ReturnType<S3Stack['completeUpload']>>;
  beforeEach(async () => {
    id = await s3.startUpload();
    parts = [await s3.uploadPart(id, 1, 'one '), await s3.uploadPart(id, 2, 'two')];
    first = await s3.completeUpload(id, parts);
  });

  test('returns the same ETag', async () => {
    const again = await s3.completeUpload(id, parts);
    expect([again.ETag, again.ChecksumCRC64NVME]).toEqual([first.ETag, first.ChecksumCRC64NVME]);
  });

  test('creates no second version', async () => {
    await s3.setVersioning('Enabled');
    const upload = await s3.startUpload();
    const part = [await s3.uploadPart(upload, 1, 'x')];
    const { VersionId } = await s3.completeUpload(upload, part);
    expect((await s3.completeUpload(upload, part)).VersionId).toBe(VersionId);
    expect((await s3.head()).VersionId).toBe(VersionId);
  });

  test('does not undo a later write of the key', async () => {
    await s3.put(TARGET.Key, 'later');
    expect((await s3.completeUpload(id, parts)).ETag).toBe(first.ETag);
    expect(await s3.read()).toBe('later');
  });

  test('is not refused by the condition that the first call met', async () => {
    const upload = await s3.startUpload({ Key: 'new' });
    const key = { Key: 'new' };
    const { ETag } = await s3.client.send(
      new UploadPartCommand({ ...TARGET, ...key, UploadId: upload, PartNumber: 1, Body: 'x' }),
    );
    const complete = () => s3.completeUpload(upload, [{ PartNumber: 1, ETag }], { ...key, IfNoneMatch: '*' });
    expect((await complete()).ETag).toBe((await complete()).ETag);
  });

  test('is NoSuchUpload with other parts', async () => {
    await expect(s3.completeUpload(id, parts.slice(0, 1))).rejects.toMatchObject(noSuchUpload);
  });

  test('is NoSuchUpload a day later', async () => {
    await s3.clock.advance(24 * HOUR_MS);
    await expect(s3.completeUpload(id, parts)).rejects.toMatchObject(noSuchUpload);
  });

  test('is NoSuchUpload after an abort instead of a completion', async () => {
    const upload = await s3.startUpload();
    const part = [await s3.uploadPart(upload, 1, 'x')];
    await s3.client.send(new AbortMultipartUploadCommand({ ...TARGET, UploadId: upload }));
    await expect(s3.completeUpload(upload, part)).rejects.toMatchObject(noSuchUpload);
  });

  test('succeeds after an attempt to abort the completed upload', async () => {
    const abort = s3.client.send(new AbortMultipartUploadCommand({ ...TARGET, UploadId: id }));
    await expect(abort).rejects.toMatchObject(noSuchUpload);
    expect((await s3.completeUpload(id, parts)).ETag).toBe(first.ETag);
  });
});

describe('an upload with a composite checksum', () => {
  let id: string;
  let part: CompletedPart;
  beforeEach(async () => {
    id = await s3.startUpload({ ChecksumAlgorithm: 'SHA256' });
    const { ETag, ChecksumSHA256 } = await s3.client.send(
      new UploadPartCommand({
        ...TARGET,
        UploadId: id,
        PartNumber: 1,
        Body: 'x',
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    part = { PartNumber: 1, ETag, ChecksumSHA256 };
  });

  test('cannot be completed without the checksums of its parts', async () => {
    const { ChecksumSHA256: _, ...plain } = part;
    await expect(s3.completeUpload(id, [plain])).rejects.toMatchObject({
      name: 'InvalidRequest',
      message:
        'The upload was created using a sha256 checksum. The complete request must include the checksum for each part. It was missing for part 1 in the request.',
    });
  });

  test('cannot be completed with checksums of another algorithm', async () => {
    const { ChecksumSHA256: _, ...plain } = part;
    const other = { ...plain, ChecksumCRC32: 'AAAAAA==' };
    await expect(s3.completeUpload(id, [other])).rejects.toMatchObject({
      name: 'BadDigest',
      message: 'The crc32 you specified for part 1 did not match what we received.',
    });
  });

  test('cannot be completed with an object checksum of another algorithm', async () => {
    const call = s3.completeUpload(id, [part], { ChecksumCRC32: 'AAAAAA==' });
    await expect(call).rejects.toMatchObject({ name: 'BadDigest' });
  });

  test('is InvalidPart with a wrong checksum of a part', async () => {
    const wrong = { ...part, ChecksumSHA256: await checksumOf('SHA256', Buffer.from('y')) };
    await expect(s3.completeUpload(id, [wrong])).rejects.toMatchObject({ name: 'InvalidPart' });
  });

  test('returns the checksum of a part with GetObject by part number', async () => {
    await s3.completeUpload(id, [part]);
    const answer = await s3.get(TARGET.Key, { PartNumber: 1, ChecksumMode: 'ENABLED' });
    expect(answer.ChecksumSHA256).toMatch(/-1$/);
  });

  test('returns the attributes without the number of parts in the checksum', async () => {
    await s3.completeUpload(id, [part]);
    const { Checksum } = await s3.client.send(
      new GetObjectAttributesCommand({ ...TARGET, ObjectAttributes: ['Checksum'] }),
    );
    const bytes = Buffer.from(part.ChecksumSHA256 ?? '', 'base64');
    expect(Checksum).toEqual({
      ChecksumSHA256: createHash('sha256').update(bytes).digest('base64'),
      ChecksumType: 'COMPOSITE',
    });
  });
});

describe('an object with two parts', () => {
  const bodies = ['one ', 'two'];
  const upload = async (ChecksumAlgorithm?: 'SHA1' | 'CRC64NVME') => {
    const UploadId = await s3.startUpload({ ChecksumAlgorithm });
    const parts: CompletedPart[] = [];
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1;
      const { ETag, ChecksumSHA1, ChecksumCRC64NVME } = await s3.client.send(
        new UploadPartCommand({ ...TARGET, UploadId, PartNumber, Body, ChecksumAlgorithm }),
      );
      parts.push({ PartNumber, ETag, ChecksumSHA1, ChecksumCRC64NVME });
    }
    await s3.completeUpload(UploadId, parts);
  };

  test('returns the composite checksum of each part with GetObject', async () => {
    await upload('SHA1');
    expect((await s3.get(TARGET.Key, { PartNumber: 2, ChecksumMode: 'ENABLED' })).ChecksumSHA1).toBe(
      await checksumOf('SHA1', Buffer.from('two')),
    );
  });

  test('returns the composite checksum of each part with HeadObject', async () => {
    await upload('SHA1');
    expect((await s3.head(TARGET.Key, { PartNumber: 1, ChecksumMode: 'ENABLED' })).ChecksumSHA1).toBe(
      await checksumOf('SHA1', Buffer.from('one ')),
    );
  });

  test('returns no checksum of a part with a full-object checksum', async () => {
    await upload('CRC64NVME');
    const { ChecksumCRC64NVME } = await s3.head(TARGET.Key, { PartNumber: 1, ChecksumMode: 'ENABLED' });
    expect(ChecksumCRC64NVME).toBeUndefined();
  });

  test('returns only the number of parts as attributes with a full-object checksum', async () => {
    await upload('CRC64NVME');
    const { ObjectParts } = await s3.client.send(
      new GetObjectAttributesCommand({ ...TARGET, ObjectAttributes: ['ObjectParts'] }),
    );
    expect(ObjectParts).toEqual({ TotalPartsCount: 2 });
  });

  test('returns the first page of parts for an empty part number marker', async () => {
    await upload('SHA1');
    const headers = { 'x-amz-object-attributes': 'ObjectParts', 'x-amz-part-number-marker': '' };
    const { text } = await callWire(s3.handle, wireRequest('GET', '/bucket/key?attributes', { headers }));
    expect(text).toContain('<PartNumberMarker>0</PartNumberMarker>');
  });
});

test('the checksum mode counts in lower case', async () => {
  await s3.put(TARGET.Key, 'x', { ChecksumAlgorithm: 'SHA1' });
  const headers = { 'x-amz-checksum-mode': 'enabled' };
  const answer = await callWire(s3.handle, wireRequest('HEAD', '/bucket/key', { headers }));
  expect(answer.headers['x-amz-checksum-sha1']).toBe(await checksumOf('SHA1', Buffer.from('x')));
});

test('CreateMultipartUpload with a checksum type and no algorithm is InvalidRequest', async () => {
  await expect(s3.startUpload({ ChecksumType: 'FULL_OBJECT' })).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: 'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
  });
});

test('ListParts accepts an empty part number marker as 0', async () => {
  const id = await s3.startUpload();
  await s3.uploadPart(id, 1, 'x');
  const { text } = await callWire(
    s3.handle,
    wireRequest('GET', `/bucket/key?uploadId=${id}&part-number-marker=`),
  );
  expect(text).toContain('<PartNumberMarker>0</PartNumberMarker>');
});

test('ListParts refuses a part number marker that is not a number', async () => {
  const id = await s3.startUpload();
  const target = `/bucket/key?uploadId=${id}&part-number-marker=x`;
  expect((await callWire(s3.handle, wireRequest('GET', target))).text).toContain('InvalidArgument');
});

describe('the range of UploadPartCopy', () => {
  const copy = async (CopySourceRange: string) => {
    await s3.put('source', '0123456789');
    const part = { ...TARGET, UploadId: await s3.startUpload(), PartNumber: 1 };
    return s3.client.send(
      new UploadPartCopyCommand({ ...part, CopySource: 'bucket/source', CopySourceRange }),
    );
  };

  test('is InvalidRequest if it starts after the source', async () => {
    await expect(copy('bytes=100-200')).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: 'The specified copy range is invalid for the source object size',
    });
  });

  test('is InvalidArgument if it ends after the source', async () => {
    await expect(copy('bytes=0-100')).rejects.toMatchObject({
      name: 'InvalidArgument',
      message: 'Range specified is not valid for source object of size: 10',
    });
  });

  test('is InvalidArgument if it ends before it starts', async () => {
    await expect(copy('bytes=1-0')).rejects.toMatchObject({
      name: 'InvalidArgument',
      message: expect.stringContaining('must be of the form bytes=first-last'),
    });
  });
});

describe('ListMultipartUploads', () => {
  const list = (more: object = {}) =>
    s3.client.send(new ListMultipartUploadsCommand({ Bucket: TARGET.Bucket, ...more }));

  test('has empty next markers without uploads', async () => {
    const { text } = await callWire(s3.handle, wireRequest('GET', '/bucket?uploads'));
    expect(text).toMatch(/<NextKeyMarker(?:\/>|><\/NextKeyMarker>)/);
    expect(text).toMatch(/<NextUploadIdMarker(?:\/>|><\/NextUploadIdMarker>)/);
  });

  test('has the last upload as next markers, also on the last page', async () => {
    const id = await s3.startUpload();
    expect(await list()).toMatchObject({
      IsTruncated: false,
      NextKeyMarker: TARGET.Key,
      NextUploadIdMarker: id,
    });
  });

  test('refuses the upload id marker of another key', async () => {
    const id = await s3.startUpload({ Key: 'other' });
    await expect(list({ KeyMarker: TARGET.Key, UploadIdMarker: id })).rejects.toMatchObject({
      name: 'InvalidArgument',
      message: 'Invalid uploadId marker',
      ArgumentName: 'upload-id-marker',
      ArgumentValue: id,
    });
  });

  test('ignores an upload id marker without a key marker', async () => {
    await s3.startUpload();
    expect(await list({ UploadIdMarker: 'nothing' })).toMatchObject({ Uploads: [{ Key: TARGET.Key }] });
  });

  test('lists the uploads of a key by their date', async () => {
    const first = await s3.startUpload();
    await s3.clock.advance(1000);
    const second = await s3.startUpload();
    expect((await list()).Uploads?.map(({ UploadId }) => UploadId)).toEqual([first, second]);
  });
});
