import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, startS3, startS3WithBucket } from '../../../support/s3.ts';

const TAGS = [{ Key: 'a', Value: '1' }];
const target = { bucket: 'bucket', key: 'key' };

const bytesOf = async (chunks: AsyncIterable<Uint8Array>) => {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
};

describe('the object store of the batch engine', () => {
  let s3: S3Stack;
  beforeEach(async () => {
    s3 = await startS3WithBucket();
  });
  const tagsOf = async (VersionId?: string) =>
    (await s3.client.send(new GetObjectTaggingCommand({ Bucket: 'bucket', Key: 'key', VersionId }))).TagSet;

  test('reports which buckets exist', () => {
    expect([s3.objects.bucketExists('bucket'), s3.objects.bucketExists('nowhere')]).toEqual([true, false]);
  });

  test('puts, describes and reads objects, from any offset', async () => {
    const etag = '900150983cd24fb0d6963f7d28e17f72';
    expect(await s3.objects.putObject(target, Buffer.from('abc'), { contentType: 'text/csv' })).toEqual({
      etag,
      size: 3,
      encryption: 'AES256',
    });
    expect(s3.objects.headObject(target)).toEqual({ etag, size: 3, encryption: 'AES256' });
    expect((await bytesOf(s3.objects.readObject(target))).toString()).toBe('abc');
    expect((await bytesOf(s3.objects.readObject(target, 2))).toString()).toBe('c');
    const { ContentType } = await s3.client.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }));
    expect(ContentType).toBe('text/csv');
  });

  test('tags and untags synchronously, in the transaction of its caller', async () => {
    await s3.objects.putObject(target, Buffer.from('x'));
    s3.objects.putObjectTagging(target, TAGS);
    expect(await tagsOf()).toEqual(TAGS);
    expect(() =>
      s3.objects.transaction(() => {
        s3.objects.deleteObjectTagging(target);
        throw new Error('undo');
      }),
    ).toThrow('undo');
    expect(await tagsOf()).toEqual(TAGS);
    s3.objects.deleteObjectTagging(target);
    expect(await tagsOf()).toEqual([]);
  });

  test('tags only the named version', async () => {
    await s3.setVersioning('Enabled');
    const { versionId = '' } = await s3.objects.putObject(target, Buffer.from('one'));
    const second = await s3.objects.putObject(target, Buffer.from('two'));
    s3.objects.putObjectTagging({ ...target, versionId }, TAGS);
    expect([await tagsOf(versionId), await tagsOf()]).toEqual([TAGS, []]);
    expect(s3.objects.headObject(target)).toMatchObject({ versionId: second.versionId });
    expect(s3.objects.headObject({ ...target, versionId })).toMatchObject({ versionId });
  });

  test.each<[string, string, (versionId: string) => { bucket?: string; key?: string; versionId?: string }]>([
    ['NoSuchKey', 'a missing key', () => ({ key: 'missing' })],
    ['NoSuchBucket', 'a missing bucket', () => ({ bucket: 'nowhere' })],
    ['NoSuchVersion', 'a missing version', () => ({ versionId: '0'.repeat(32) })],
    ['InvalidArgument', 'an invalid version id', () => ({ versionId: 'x' })],
    ['MethodNotAllowed', 'a named delete marker', (versionId) => ({ versionId })],
  ])('answers %s for %s', async (code, _, change) => {
    await s3.setVersioning('Enabled');
    await s3.objects.putObject(target, Buffer.from('x'));
    const { VersionId = '' } = await s3.client.send(
      new DeleteObjectCommand({ Bucket: 'bucket', Key: 'key' }),
    );
    const wrong = { ...target, ...change(VersionId) };
    const refusal = expect.objectContaining({ code });
    expect(() => s3.objects.putObjectTagging(wrong, TAGS)).toThrow(refusal);
    expect(() => s3.objects.deleteObjectTagging(wrong)).toThrow(refusal);
    expect(() => s3.objects.headObject(wrong)).toThrow(refusal);
    expect(() => s3.objects.readObject(wrong)).toThrow(refusal);
  });

  test('a delete marker as the current version hides an object from readers, but refuses writers', async () => {
    await s3.setVersioning('Enabled');
    await s3.objects.putObject(target, Buffer.from('x'));
    await s3.client.send(new DeleteObjectCommand({ Bucket: 'bucket', Key: 'key' }));
    const hidden = expect.objectContaining({ code: 'NoSuchKey' });
    const refused = expect.objectContaining({ code: 'MethodNotAllowed' });
    expect(() => s3.objects.headObject(target)).toThrow(hidden);
    expect(() => s3.objects.readObject(target)).toThrow(hidden);
    expect(() => s3.objects.putObjectTagging(target, TAGS)).toThrow(refused);
    expect(() => s3.objects.deleteObjectTagging(target)).toThrow(refused);
    expect(() => s3.objects.putObjectAcl(target, { ACL: 'bucket-owner-full-control' })).toThrow(refused);
  });

  test('refuses tags as S3 does', async () => {
    await s3.objects.putObject(target, Buffer.from('x'));
    const twice = [...TAGS, ...TAGS];
    expect(() => s3.objects.putObjectTagging(target, twice)).toThrow(
      expect.objectContaining({ code: 'InvalidTag' }),
    );
  });
});

describe('in a folder', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 's3-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const bodies = () => readdirSync(join(dir, 'bodies')).filter((name) => name !== 'database-id');
  const large = Buffer.alloc(200_000, 'abcdefg');
  const input = { Bucket: 'bucket', Key: 'key' };

  test('a restart keeps all objects and removes the unfinished files of a killed process', async () => {
    const first = await startS3WithBucket({ dir });
    await first.client.send(new PutObjectCommand({ ...input, Body: large, Tagging: 'a=1' }));
    await first.client.send(new PutObjectCommand({ ...input, Key: 'small', Body: 'small' }));
    first.database.close();
    writeFileSync(join(dir, 'bodies', 'half-written'), 'x');

    const second = startS3({ dir });
    expect(bodies()).toHaveLength(1);
    const { Body, TagCount } = await second.client.send(new GetObjectCommand(input));
    expect(large.equals(Buffer.from((await Body?.transformToByteArray()) ?? []))).toBe(true);
    expect(TagCount).toBe(1);
    expect((await bytesOf(second.objects.readObject({ bucket: 'bucket', key: 'small' }))).toString()).toBe(
      'small',
    );
    second.database.close();
  });

  test('a file is deleted when no version uses it, but not while it is read', async () => {
    const s3 = await startS3WithBucket({ dir });
    await s3.client.send(new PutObjectCommand({ ...input, Body: large }));
    const reader = s3.objects.readObject(target)[Symbol.asyncIterator]();
    await s3.client.send(new PutObjectCommand({ ...input, Body: 'short' }));
    await s3.client.send(new HeadObjectCommand(input));
    expect(bodies()).toHaveLength(1);
    expect((await bytesOf({ [Symbol.asyncIterator]: () => reader })).equals(large)).toBe(true);
    await s3.client.send(new HeadObjectCommand(input));
    expect(bodies()).toHaveLength(0);
    s3.database.close();
  });

  test('an upload that fails leaves no file', async () => {
    const s3 = await startS3WithBucket({ dir });
    const broken = (async function* () {
      yield large;
      throw new Error('gone');
    })();
    await expect(s3.objects.putObject(target, broken)).rejects.toThrow('gone');
    expect(bodies()).toHaveLength(0);
    await expect(
      s3.client.send(new PutObjectCommand({ ...input, Body: large, ChecksumCRC32: 'AAAAAA==' })),
    ).rejects.toMatchObject({ name: 'BadDigest' });
    expect(bodies()).toHaveLength(0);
    s3.database.close();
  });
});
