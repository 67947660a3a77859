import {
  DeleteBucketReplicationCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  GetBucketReplicationCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketReplicationCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type ReplicationRule,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, startS3 } from '../../../support/s3.ts';

let s3: S3Stack;
const versioning = (Bucket: string, Status: 'Enabled' | 'Suspended') => s3.setVersioning(Status, Bucket);
beforeEach(async () => {
  s3 = startS3();
  for (const Bucket of ['source', 'target']) {
    await s3.createBucket(Bucket);
    await versioning(Bucket, 'Enabled');
  }
});

const RULE: ReplicationRule = {
  ID: 'all',
  Status: 'Enabled',
  Priority: 1,
  Filter: { Prefix: '' },
  Destination: { Bucket: 'arn:aws:s3:::target' },
};
const configure = (...Rules: ReplicationRule[]) =>
  s3.client.send(
    new PutBucketReplicationCommand({
      Bucket: 'source',
      ReplicationConfiguration: { Role: 'arn:aws:iam::000000000000:role/replication', Rules },
    }),
  );
const put = (Key: string, more: Partial<PutObjectCommandInput> = {}) =>
  s3.client.send(new PutObjectCommand({ Bucket: 'source', Key, Body: 'body', ...more }));
const head = (Bucket: string, Key: string) => s3.client.send(new HeadObjectCommand({ Bucket, Key }));
const status = async (Key: string) => (await head('source', Key)).ReplicationStatus;

describe('replication', () => {
  test('copies a new version with its id, properties and tags, and sets the status on both sides', async () => {
    await configure(RULE);
    const { VersionId } = await put('key', {
      Tagging: 'a=1',
      Metadata: { colour: 'red' },
      ContentType: 'text/plain',
    });
    expect(await status('key')).toBe('COMPLETED');
    expect(await head('target', 'key')).toMatchObject({
      VersionId,
      ReplicationStatus: 'REPLICA',
      Metadata: { colour: 'red' },
      ContentType: 'text/plain',
    });
    const { TagSet } = await s3.client.send(new GetObjectTaggingCommand({ Bucket: 'target', Key: 'key' }));
    expect(TagSet).toEqual([{ Key: 'a', Value: '1' }]);
    await s3.client.send(new DeleteObjectCommand({ Bucket: 'source', Key: 'key', VersionId }));
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: 'target', Key: 'key' }));
    expect(await Body?.transformToString()).toBe('body');
  });

  test('applies a rule by prefix, tags and status', async () => {
    const And = { Prefix: 'in/', Tags: [{ Key: 'a', Value: '1' }] };
    await configure({ ...RULE, Filter: { And } }, { ...RULE, ID: 'off', Status: 'Disabled', Priority: 2 });
    await put('in/tagged', { Tagging: 'a=1&b=2' });
    await put('in/plain');
    await put('out/tagged', { Tagging: 'a=1' });
    expect([await status('in/tagged'), await status('in/plain'), await status('out/tagged')]).toEqual([
      'COMPLETED',
      undefined,
      undefined,
    ]);
  });

  test('skips objects with KMS and delete markers unless the rule includes them, and objects older than the rule', async () => {
    await put('before');
    await configure(RULE);
    await put('kms', { ServerSideEncryption: 'aws:kms' });
    await put('key');
    await s3.client.send(new DeleteObjectCommand({ Bucket: 'source', Key: 'key' }));
    expect([await status('before'), await status('kms')]).toEqual([undefined, undefined]);
    await head('target', 'key');
    await configure({
      ...RULE,
      DeleteMarkerReplication: { Status: 'Enabled' },
      SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
    });
    await put('kms', { ServerSideEncryption: 'aws:kms' });
    await s3.client.send(new DeleteObjectCommand({ Bucket: 'source', Key: 'key' }));
    expect(await status('kms')).toBe('COMPLETED');
    await expect(head('target', 'key')).rejects.toMatchObject({ name: 'NotFound' });
  });

  test('can change the storage class of replicas, and uses the rule with the highest priority', async () => {
    const Destination = { Bucket: 'arn:aws:s3:::target', StorageClass: 'GLACIER_IR' } as const;
    await configure(RULE, { ...RULE, ID: 'cold', Priority: 9, Destination });
    await put('key');
    expect((await head('target', 'key')).StorageClass).toBe('GLACIER_IR');
  });

  test('fails if versioning of the destination is suspended', async () => {
    await configure(RULE);
    await versioning('target', 'Suspended');
    await put('key');
    expect(await status('key')).toBe('FAILED');
  });

  test('can be configured, returned and removed', async () => {
    const get = () => s3.client.send(new GetBucketReplicationCommand({ Bucket: 'source' }));
    await expect(get()).rejects.toMatchObject({ name: 'ReplicationConfigurationNotFoundError' });
    const { ID: _, ...unnamed } = RULE;
    await configure(RULE, { ...unnamed, Filter: { Prefix: 'x' } });
    expect((await get()).ReplicationConfiguration?.Rules).toEqual([
      RULE,
      { ...unnamed, ID: expect.any(String), Filter: { Prefix: 'x' } },
    ]);
    await expect(versioning('source', 'Suspended')).rejects.toMatchObject({ name: 'InvalidBucketState' });
    await s3.client.send(new DeleteBucketReplicationCommand({ Bucket: 'source' }));
    await put('key');
    expect(await status('key')).toBeUndefined();
  });

  test.each<[string, ReplicationRule[]]>([
    ['InvalidRequest', [{ ...RULE, Destination: { Bucket: 'arn:aws:s3:::nowhere' } }]],
    ['InvalidRequest', [{ ...RULE, Destination: { Bucket: 'arn:aws:s3:::plain' } }]],
    ['InvalidArgument', [{ ...RULE, Destination: { Bucket: 'target' } }]],
    ['InvalidArgument', [RULE, RULE]],
    ['MalformedXML', [{ ...RULE, Status: 'On' as 'Enabled' }]],
    ['MalformedXML', [{ ...RULE, Filter: { Prefix: 'a', Tag: { Key: 'a', Value: 'b' } } }]],
    ['MalformedXML', []],
  ])('answers %s to the rules %j', async (name, rules) => {
    await s3.createBucket('plain');
    await expect(configure(...rules)).rejects.toMatchObject({ name });
  });

  test('requires a bucket with versioning', async () => {
    await versioning('source', 'Suspended');
    await expect(configure(RULE)).rejects.toMatchObject({ name: 'InvalidRequest' });
  });
});

test('a bucket has tags', async () => {
  const get = () => s3.client.send(new GetBucketTaggingCommand({ Bucket: 'source' }));
  await expect(get()).rejects.toMatchObject({ name: 'NoSuchTagSet' });
  const TagSet = [{ Key: 'team', Value: 'media' }];
  await s3.client.send(new PutBucketTaggingCommand({ Bucket: 'source', Tagging: { TagSet } }));
  expect((await get()).TagSet).toEqual(TagSet);
  const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
  await expect(
    s3.client.send(new PutBucketTaggingCommand({ Bucket: 'source', Tagging: { TagSet: many } })),
  ).rejects.toMatchObject({ name: 'BadRequest' });
  await s3.client.send(new DeleteBucketTaggingCommand({ Bucket: 'source' }));
  await expect(get()).rejects.toMatchObject({ name: 'NoSuchTagSet' });
});
