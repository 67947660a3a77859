import {
  CopyObjectCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type S3Stack, startS3WithBucket, TARGET } from '../../../support/s3.ts';

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket();
});

const versioning = (Status: 'Enabled' | 'Suspended') => s3.setVersioning(Status);
const put = async (Body: string) => (await s3.put(TARGET.Key, Body)).VersionId;
const get = (VersionId?: string) => s3.get(TARGET.Key, { VersionId });
const read = (VersionId?: string) => s3.read(TARGET.Key, { VersionId });
const remove = (VersionId?: string) => s3.client.send(new DeleteObjectCommand({ ...TARGET, VersionId }));
const list = async () => {
  const { Versions = [], DeleteMarkers = [] } = await s3.client.send(
    new ListObjectVersionsCommand({ Bucket: 'bucket' }),
  );
  return {
    versions: Versions.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
    markers: DeleteMarkers.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
  };
};

describe('a bucket', () => {
  test('has no versioning status until versioning is configured, and always has one afterwards', async () => {
    const status = async () =>
      (await s3.client.send(new GetBucketVersioningCommand({ Bucket: 'bucket' }))).Status;
    expect(await status()).toBeUndefined();
    await versioning('Enabled');
    expect(await status()).toBe('Enabled');
    await versioning('Suspended');
    expect(await status()).toBe('Suspended');
  });

  test('is empty only without versions and delete markers', async () => {
    await versioning('Enabled');
    const { VersionId } = await remove();
    const drop = () => s3.client.send(new DeleteBucketCommand({ Bucket: 'bucket' }));
    await expect(drop()).rejects.toMatchObject({
      name: 'BucketNotEmpty',
      $metadata: { httpStatusCode: 409 },
    });
    await remove(VersionId);
    await drop();
  });
});

describe('with versioning', () => {
  beforeEach(() => versioning('Enabled'));

  test('every put creates a version that stays readable', async () => {
    const ids = [await put('one'), await put('two'), await put('three')];
    expect(new Set(ids).size).toBe(3);
    expect(await Promise.all([...ids, undefined].map((id) => read(id)))).toEqual([
      'one',
      'two',
      'three',
      'three',
    ]);
    expect((await list()).versions).toEqual([
      [ids[2], true],
      [ids[1], false],
      [ids[0], false],
    ]);
  });

  test('a delete adds a delete marker, and deleting the marker restores the object', async () => {
    const id = await put('one');
    const { VersionId: marker, DeleteMarker } = await remove();
    expect(DeleteMarker).toBe(true);
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
    expect(await read(id)).toBe('one');
    expect(await list()).toEqual({ versions: [[id, false]], markers: [[marker, true]] });
    expect(await remove(marker)).toMatchObject({ VersionId: marker, DeleteMarker: true });
    expect(await read()).toBe('one');
  });

  test('a named delete marker cannot be read', async () => {
    await put('one');
    const { VersionId } = await remove();
    await expect(get(VersionId)).rejects.toMatchObject({
      name: 'MethodNotAllowed',
      $metadata: { httpStatusCode: 405 },
    });
    const head = s3.client.send(new HeadObjectCommand({ Bucket: 'bucket', Key: 'key', VersionId }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 405 } });
  });

  test('deleting the newest version makes the previous one current', async () => {
    const [one, two] = [await put('one'), await put('two')];
    await remove(two);
    expect(await read()).toBe('one');
    await remove(one);
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await remove(one)).toMatchObject({ VersionId: one });
  });

  test('DeleteObjects distinguishes markers from versions', async () => {
    const id = await put('one');
    const removeAll = (Objects: { Key: string; VersionId?: string | undefined }[]) =>
      s3.client.send(new DeleteObjectsCommand({ Bucket: 'bucket', Delete: { Objects } }));
    const { Deleted: [marked] = [] } = await removeAll([{ Key: 'key' }]);
    expect(marked).toMatchObject({ Key: 'key', DeleteMarker: true });
    const VersionId = marked?.DeleteMarkerVersionId;
    expect(
      (
        await removeAll([
          { Key: 'key', VersionId },
          { Key: 'key', VersionId: id },
        ])
      ).Deleted,
    ).toEqual([
      { Key: 'key', VersionId, DeleteMarker: true, DeleteMarkerVersionId: VersionId },
      { Key: 'key', VersionId: id },
    ]);
  });

  test('tags belong to one version', async () => {
    const [one] = [await put('one'), await put('two')];
    const target = { Bucket: 'bucket', Key: 'key', VersionId: one };
    await s3.client.send(
      new PutObjectTaggingCommand({ ...target, Tagging: { TagSet: [{ Key: 'a', Value: '1' }] } }),
    );
    expect((await s3.client.send(new GetObjectTaggingCommand(target))).TagSet).toEqual([
      { Key: 'a', Value: '1' },
    ]);
    expect(
      (await s3.client.send(new GetObjectTaggingCommand({ Bucket: 'bucket', Key: 'key' }))).TagSet,
    ).toEqual([]);
  });

  test('an old version is restored by copying it onto its key', async () => {
    const [one] = [await put('one'), await put('two')];
    const copy = await s3.client.send(
      new CopyObjectCommand({ Bucket: 'bucket', Key: 'key', CopySource: `bucket/key?versionId=${one}` }),
    );
    expect(copy.CopySourceVersionId).toBe(one);
    expect(await read()).toBe('one');
    expect((await list()).versions).toHaveLength(3);
  });

  test('an unknown version is NoSuchVersion, and an invalid version id is InvalidArgument', async () => {
    await put('one');
    await expect(get('0'.repeat(32))).rejects.toMatchObject({
      name: 'NoSuchVersion',
      VersionId: '0'.repeat(32),
    });
    await expect(get('nonsense')).rejects.toMatchObject({
      name: 'InvalidArgument',
      ArgumentName: 'versionId',
    });
  });
});

describe('the null version', () => {
  test('is the object from before versioning, and stays', async () => {
    await put('old');
    await versioning('Enabled');
    const id = await put('new');
    expect(await read('null')).toBe('old');
    expect((await list()).versions).toEqual([
      [id, true],
      ['null', false],
    ]);
  });

  test('is replaced by each put while versioning is suspended; others stay', async () => {
    await versioning('Enabled');
    const id = await put('one');
    await versioning('Suspended');
    expect(await put('two')).toBeUndefined();
    expect(await put('three')).toBeUndefined();
    expect((await list()).versions).toEqual([
      ['null', true],
      [id, false],
    ]);
    expect(await read()).toBe('three');
  });

  test('is replaced by a delete marker of the same id while versioning is suspended', async () => {
    await versioning('Enabled');
    const id = await put('one');
    await versioning('Suspended');
    await put('two');
    expect(await remove()).toMatchObject({ VersionId: 'null', DeleteMarker: true });
    expect(await list()).toEqual({ versions: [[id, false]], markers: [['null', true]] });
  });
});

test('any sequence of calls results in the versions of a simple model', async () => {
  const step = fc.oneof(
    fc.constantFrom('Enabled' as const, 'Suspended' as const).map((status) => ({ status })),
    fc.constant({ put: true as const }),
    fc.constant({ remove: true as const }),
    fc.nat(5).map((purge) => ({ purge })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
      s3 = await startS3WithBucket();
      let status: string | undefined;
      let model: { id: string | undefined; marker: boolean }[] = [];
      const add = (id = 'null', marker: boolean) => {
        if (id === 'null') model = model.filter((version) => version.id !== 'null');
        model.unshift({ id, marker });
      };
      for (const action of steps) {
        if ('status' in action) {
          status = action.status;
          await versioning(action.status);
        } else if ('put' in action) add(await put('x'), false);
        else if ('remove' in action) {
          const { VersionId } = await remove();
          if (status) add(VersionId, true);
          else model = [];
        } else if (model[action.purge]) {
          await remove(model[action.purge]?.id);
          model.splice(action.purge, 1);
        }
      }
      const { versions, markers } = await list();
      const expected = (marker: boolean) =>
        model.flatMap((version, index) => (version.marker === marker ? [[version.id, index === 0]] : []));
      expect({ versions, markers }).toEqual({ versions: expected(false), markers: expected(true) });
    }),
    { numRuns: 12 },
  );
});
