import {
  CopyObjectCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  PutObjectAclCommand,
  PutObjectTaggingCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, startS3WithBucket, TARGET } from '../../../support/s3.ts';

/** A well-formed version id that no bucket has issued. */
const FOREIGN = 'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD';
const invalid = { name: 'InvalidArgument', ArgumentName: 'versionId', ArgumentValue: FOREIGN };
const notAllowed = { name: 'MethodNotAllowed', ResourceType: 'DeleteMarker' };

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket();
});

const put = async (Key = TARGET.Key) => (await s3.put(Key)).VersionId ?? '';
const remove = (VersionId?: string, Key = TARGET.Key) =>
  s3.client.send(new DeleteObjectCommand({ ...TARGET, Key, VersionId }));
const removeAll = (...Objects: { Key: string; VersionId?: string }[]) =>
  s3.client.send(new DeleteObjectsCommand({ Bucket: TARGET.Bucket, Delete: { Objects } }));
const copySource = (VersionId: string) => `${TARGET.Bucket}/${TARGET.Key}?versionId=${VersionId}`;

describe('in a bucket without versioning', () => {
  beforeEach(() => s3.put());

  test('GetObject with a version id is InvalidArgument', async () => {
    await expect(s3.get(TARGET.Key, { VersionId: FOREIGN })).rejects.toMatchObject(invalid);
  });

  test('HeadObject with a version id is 400', async () => {
    await expect(s3.head(TARGET.Key, { VersionId: FOREIGN })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('PutObjectTagging with a version id is InvalidArgument', async () => {
    const call = new PutObjectTaggingCommand({ ...TARGET, VersionId: FOREIGN, Tagging: { TagSet: [] } });
    await expect(s3.client.send(call)).rejects.toMatchObject(invalid);
  });

  test('GetObject with the version id null reads the object', async () => {
    expect(await s3.read(TARGET.Key, { VersionId: 'null' })).toBe('body');
  });

  test('DeleteObject with a version id is InvalidArgument', async () => {
    await expect(remove(FOREIGN)).rejects.toMatchObject(invalid);
  });

  test('DeleteObjects with a version id lists NoSuchVersion', async () => {
    expect((await removeAll({ Key: TARGET.Key, VersionId: FOREIGN })).Errors).toEqual([
      {
        Key: TARGET.Key,
        VersionId: FOREIGN,
        Code: 'NoSuchVersion',
        Message: 'The specified version does not exist.',
      },
    ]);
  });
});

describe('in a bucket with versioning', () => {
  beforeEach(() => s3.setVersioning('Enabled'));

  test('DeleteObject with an id that was never issued is InvalidArgument while the key exists', async () => {
    await put();
    await expect(remove(FOREIGN)).rejects.toMatchObject(invalid);
  });

  test('DeleteObject with an id of another key is InvalidArgument', async () => {
    await put();
    const other = await put('other');
    await expect(remove(other)).rejects.toMatchObject({ name: 'InvalidArgument', ArgumentValue: other });
  });

  test('DeleteObject of a version that is gone succeeds again', async () => {
    const [id] = [await put(), await put()];
    await remove(id);
    expect((await remove(id)).$metadata.httpStatusCode).toBe(204);
  });

  test('DeleteObject of a version of a missing key succeeds', async () => {
    expect((await remove(FOREIGN, 'missing')).$metadata.httpStatusCode).toBe(204);
  });

  test('DeleteObjects lists NoSuchVersion for an id that was never issued', async () => {
    await put();
    const { Errors } = await removeAll({ Key: TARGET.Key, VersionId: FOREIGN });
    expect(Errors).toMatchObject([{ Key: TARGET.Key, VersionId: FOREIGN, Code: 'NoSuchVersion' }]);
  });

  test('DeleteObjects of a version that is gone succeeds again', async () => {
    const [VersionId] = [await put(), await put()];
    await removeAll({ Key: TARGET.Key, VersionId });
    expect(await removeAll({ Key: TARGET.Key, VersionId })).toMatchObject({
      Deleted: [{ Key: TARGET.Key, VersionId }],
    });
  });

  test('DeleteBucket with a version left advises to delete all versions', async () => {
    await put();
    await remove();
    await expect(s3.client.send(new DeleteBucketCommand({ Bucket: TARGET.Bucket }))).rejects.toMatchObject({
      message: 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
    });
  });

  test('GetObjectTagging of a missing key names bucket and key', async () => {
    await expect(s3.client.send(new GetObjectTaggingCommand(TARGET))).rejects.toMatchObject({
      name: 'NoSuchKey',
      Key: 'bucket/key',
    });
  });
});

describe('when the current version is a delete marker', () => {
  beforeEach(async () => {
    await s3.setVersioning('Enabled');
    await put();
    await remove();
  });

  test('GetObjectTagging is MethodNotAllowed', async () => {
    await expect(s3.client.send(new GetObjectTaggingCommand(TARGET))).rejects.toMatchObject({
      ...notAllowed,
      Method: 'GET',
    });
  });

  test('PutObjectTagging is MethodNotAllowed', async () => {
    const call = new PutObjectTaggingCommand({ ...TARGET, Tagging: { TagSet: [] } });
    await expect(s3.client.send(call)).rejects.toMatchObject({ ...notAllowed, Method: 'PUT' });
  });

  test('DeleteObjectTagging is MethodNotAllowed', async () => {
    await expect(s3.client.send(new DeleteObjectTaggingCommand(TARGET))).rejects.toMatchObject({
      ...notAllowed,
      Method: 'DELETE',
    });
  });

  test('PutObjectAcl is MethodNotAllowed', async () => {
    const call = new PutObjectAclCommand({ ...TARGET, ACL: 'bucket-owner-full-control' });
    await expect(s3.client.send(call)).rejects.toMatchObject(notAllowed);
  });

  test('GetObject is NoSuchKey', async () => {
    await expect(s3.get()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  const markerSource = async () => {
    const { DeleteMarkers = [] } = await s3.client.send(
      new ListObjectVersionsCommand({ Bucket: TARGET.Bucket }),
    );
    return copySource(DeleteMarkers[0]?.VersionId ?? '');
  };
  const refused = {
    name: 'InvalidRequest',
    message: 'The source of a copy request may not specifically refer to a delete marker by version id.',
  };

  test('CopyObject of the marker by its id is InvalidRequest', async () => {
    const call = new CopyObjectCommand({ ...TARGET, Key: 'copy', CopySource: await markerSource() });
    await expect(s3.client.send(call)).rejects.toMatchObject(refused);
  });

  test('UploadPartCopy of the marker by its id is InvalidRequest', async () => {
    const UploadId = await s3.startUpload();
    const part = { ...TARGET, UploadId, PartNumber: 1 };
    const call = new UploadPartCopyCommand({ ...part, CopySource: await markerSource() });
    await expect(s3.client.send(call)).rejects.toMatchObject(refused);
  });
});

describe('in a bucket with suspended versioning', () => {
  beforeEach(async () => {
    await s3.put();
    await s3.setVersioning('Suspended');
  });

  test('PutObject returns no version id', async () => {
    expect((await s3.put()).VersionId).toBeUndefined();
  });

  test('GetObject returns the version id null', async () => {
    expect((await s3.get()).VersionId).toBe('null');
  });

  test('CopyObject of a null version returns no source version id', async () => {
    const call = new CopyObjectCommand({ ...TARGET, Key: 'copy', CopySource: 'bucket/key' });
    expect((await s3.client.send(call)).CopySourceVersionId).toBeUndefined();
  });

  test('UploadPartCopy of a null version returns no source version id', async () => {
    const part = { ...TARGET, UploadId: await s3.startUpload(), PartNumber: 1 };
    const call = new UploadPartCopyCommand({ ...part, CopySource: 'bucket/key' });
    expect((await s3.client.send(call)).CopySourceVersionId).toBeUndefined();
  });
});

describe('pages of ListObjectVersions', () => {
  const page = async (KeyMarker?: string, VersionIdMarker?: string) => {
    const input = { Bucket: TARGET.Bucket, MaxKeys: 1, KeyMarker, VersionIdMarker };
    const { Versions = [] } = await s3.client.send(new ListObjectVersionsCommand(input));
    return Versions.map(({ VersionId }) => VersionId);
  };

  test('continue with the older versions of a key when the version of the marker is deleted', async () => {
    await s3.setVersioning('Enabled');
    const [first, second, third] = [await put(), await put(), await put()];
    expect(await page()).toEqual([third]);
    await remove(third);
    expect(await page(TARGET.Key, third)).toEqual([second]);
    await remove(second);
    expect(await page(TARGET.Key, second)).toEqual([first]);
  });

  test('continue with the null version when the version of the marker is deleted', async () => {
    await s3.put();
    await s3.setVersioning('Enabled');
    const newer = await put();
    await remove(newer);
    expect(await page(TARGET.Key, newer)).toEqual(['null']);
  });
});
