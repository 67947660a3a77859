import {
  DeleteBucketCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type VersioningConfiguration,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, START_MS, startS3 } from '../../../support/s3.ts';
import { callWire, wireRequest } from '../../../support/wire.ts';

let s3: S3Stack;
beforeEach(() => {
  s3 = startS3();
});

const create = (Bucket: string, more: object = {}) => s3.createBucket(Bucket, more);

describe('a bucket', () => {
  test('can be created, described, listed and deleted', async () => {
    expect(await create('two')).toMatchObject({ Location: '/two' });
    await create('one');
    const { Buckets } = await s3.client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name, CreationDate }) => [Name, CreationDate?.getTime()])).toEqual([
      ['one', START_MS],
      ['two', START_MS],
    ]);
    expect(await s3.client.send(new HeadBucketCommand({ Bucket: 'one' }))).toMatchObject({
      BucketRegion: 'us-east-1',
    });
    await s3.client.send(new DeleteBucketCommand({ Bucket: 'one' }));
    await expect(s3.client.send(new HeadBucketCommand({ Bucket: 'one' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  test('keeps its objects when it is created again, which answers 200', async () => {
    await create('bucket');
    await s3.client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: 'x' }));
    await create('bucket');
    const drop = s3.client.send(new DeleteBucketCommand({ Bucket: 'bucket' }));
    await expect(drop).rejects.toMatchObject({ name: 'BucketNotEmpty', BucketName: 'bucket' });
  });

  test.each([
    'ab',
    'Upper',
    'under_score',
    'a..b',
    '-start',
    'end-',
    '10.0.0.1',
    'xn--a',
    'name--ol-s3',
    'x'.repeat(64),
  ])('cannot have the name %s', async (name) => {
    await expect(create(name)).rejects.toMatchObject({ name: 'InvalidBucketName', BucketName: name });
  });

  test('returns its location', async () => {
    const location = async (Bucket: string) =>
      (await s3.client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint;
    await create('here');
    await create('there', { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } });
    expect([await location('here'), await location('there')]).toEqual([undefined, 'eu-west-1']);
    const { text } = await callWire(s3.handle, wireRequest('GET', '/there?location'));
    expect(text).toContain('doc/2006-03-01/">eu-west-1</LocationConstraint>');
  });

  test('can be listed by prefix and in pages', async () => {
    for (const name of ['aaa', 'aab', 'bbb']) await create(name);
    const page = async (input: object) => {
      const { Buckets = [], ContinuationToken } = await s3.client.send(new ListBucketsCommand(input));
      return [...Buckets.map(({ Name }) => Name), ContinuationToken];
    };
    expect(await page({ Prefix: 'aa' })).toEqual(['aaa', 'aab', undefined]);
    expect(await page({ MaxBuckets: 2 })).toEqual(['aaa', 'aab', 'aab']);
    expect(await page({ MaxBuckets: 2, ContinuationToken: 'aab' })).toEqual(['bbb', undefined]);
  });

  test('can be named in the host name', async () => {
    await create('bucket');
    const request = (host: string, path: string) =>
      callWire(s3.handle, wireRequest('GET', path, { headers: { host } }));
    expect((await request('bucket.localhost:4566', '/missing')).text).toContain('<Code>NoSuchKey</Code>');
    expect((await request('bucket.s3.localhost', '/')).text).toContain('<Name>bucket</Name>');
    expect((await request('s3.localhost', '/')).text).toContain('<Name>bucket</Name>');
  });

  test.each<[string, VersioningConfiguration]>([
    ['IllegalVersioningConfigurationException', {}],
    ['MalformedXML', { Status: 'On' as 'Enabled' }],
    ['NotImplemented', { Status: 'Enabled', MFADelete: 'Enabled' }],
  ])('answers %s to the versioning %j', async (name, VersioningConfiguration) => {
    await create('bucket');
    const call = s3.client.send(
      new PutBucketVersioningCommand({ Bucket: 'bucket', VersioningConfiguration }),
    );
    await expect(call).rejects.toMatchObject({ name });
  });
});

describe('an operation that is not implemented', () => {
  test('gets 501 with its name', async () => {
    await create('bucket');
    const call = s3.client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket: 'bucket', LifecycleConfiguration: { Rules: [] } }),
    );
    await expect(call).rejects.toMatchObject({
      name: 'NotImplemented',
      Operation: 'PutBucketLifecycleConfiguration',
      $metadata: { httpStatusCode: 501 },
    });
  });

  test.each([
    ['PUT', '/bucket/key?torrent'],
    ['DELETE', '/bucket/key?acl'],
    ['DELETE', '/bucket/key?legal-hold'],
    ['PUT', '/bucket/key?someday'],
    ['PUT', '/bucket/key?someday='],
    ['DELETE', '/bucket?versioning'],
    ['POST', '/bucket/key'],
    ['PATCH', '/bucket/key'],
    ['PUT', '/bucket?lifecycle'],
  ])('never acts as PutObject or DeleteObject: %s %s', async (method, path) => {
    await create('bucket');
    await s3.client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'precious' }));
    expect(await callWire(s3.handle, wireRequest(method, path, { body: 'x' }))).toMatchObject({
      status: 501,
    });
    expect((await callWire(s3.handle, wireRequest('GET', '/bucket/key'))).text).toBe('precious');
  });

  test('is not confused with an unknown parameter that has a value, which S3 ignores', async () => {
    await create('bucket');
    expect(await callWire(s3.handle, wireRequest('GET', '/bucket?from=here&x-id=ListObjects'))).toMatchObject(
      { status: 200 },
    );
  });

  test('gets 400 InvalidURI when the path is not UTF-8', async () => {
    const { status, text } = await callWire(s3.handle, wireRequest('GET', '/bucket/%ff'));
    expect([status, text.includes('<Code>InvalidURI</Code>')]).toEqual([400, true]);
  });
});
