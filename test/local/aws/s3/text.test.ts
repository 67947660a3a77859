import { createHash } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import {
  CopyObjectCommand,
  GetObjectTaggingCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type RunningServer, startServer } from '../../../../local/aws/server.ts';
import { type S3Stack, startS3WithBucket, TARGET } from '../../../support/s3.ts';
import { callWire, wireRequest } from '../../../support/wire.ts';

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket();
});

const md5 = (body: string) => createHash('md5').update(body).digest('base64');
const send = (method: string, target: string, body = '', headers: Record<string, string> = {}) =>
  callWire(s3.handle, wireRequest(method, target, { body, headers }));

describe('DeleteObjects', () => {
  const body = '<Delete><Object><Key>key</Key></Object></Delete>';
  beforeEach(() => s3.put());

  test('without a digest is InvalidRequest and deletes nothing', async () => {
    const { status, text } = await send('POST', '/bucket?delete', body);
    expect([status, text]).toEqual([
      400,
      expect.stringContaining('Missing required header for this request: Content-MD5 OR x-amz-checksum-*'),
    ]);
    expect(await s3.read()).toBe('body');
  });

  test('with a Content-MD5 succeeds', async () => {
    expect((await send('POST', '/bucket?delete', body, { 'content-md5': md5(body) })).status).toBe(200);
  });

  test('with a checksum succeeds', async () => {
    const digest = createHash('sha256').update(body).digest('base64');
    expect((await send('POST', '/bucket?delete', body, { 'x-amz-checksum-sha256': digest })).status).toBe(
      200,
    );
  });
});

describe('a key with a control character', () => {
  const key = 'a\u0008b';
  beforeEach(() => s3.put(key));

  test('is listed with a character reference', async () => {
    expect((await send('GET', '/bucket')).text).toContain('<Key>a&#x8;b</Key>');
  });

  test('is listed with a character reference by ListObjectVersions', async () => {
    expect((await send('GET', '/bucket?versions')).text).toContain('<Key>a&#x8;b</Key>');
  });

  test('is percent encoded with encoding-type=url', async () => {
    expect((await send('GET', '/bucket?encoding-type=url')).text).toContain('<Key>a%08b</Key>');
  });

  test('is a character reference in an error document', async () => {
    expect((await send('GET', '/bucket/b%08c')).text).toContain('<Key>b&#x8;c</Key>');
  });

  test('reaches clients of the SDK unchanged', async () => {
    const { Contents } = await s3.client.send(new ListObjectsV2Command({ Bucket: TARGET.Bucket }));
    expect(Contents?.map(({ Key }) => Key)).toEqual([key]);
  });
});

describe('x-amz-copy-source', () => {
  const copy = (CopySource: string) =>
    s3.client.send(new CopyObjectCommand({ ...TARGET, Key: 'copy', CopySource }));

  test('reads a raw plus sign as a space', async () => {
    await s3.put('a b.txt', 'space');
    await copy('bucket/a+b.txt');
    expect(await s3.read('copy')).toBe('space');
  });

  test('does not find a key with a plus sign by a raw plus sign', async () => {
    await s3.put('c++');
    await expect(copy('bucket/c++')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('reads an encoded plus sign as a plus sign', async () => {
    await s3.put('c++', 'plus');
    await copy('bucket/c%2B%2B');
    expect(await s3.read('copy')).toBe('plus');
  });

  test('of UploadPartCopy reads a raw plus sign as a space', async () => {
    await s3.put('a b.txt');
    const part = { ...TARGET, UploadId: await s3.startUpload(), PartNumber: 1 };
    const call = new UploadPartCopyCommand({ ...part, CopySource: 'bucket/a+b.txt' });
    expect((await s3.client.send(call)).CopyPartResult?.ETag).toBeDefined();
  });
});

test('the path reads a plus sign as a plus sign', async () => {
  await send('PUT', '/bucket/a+b', 'plus');
  expect(await s3.read('a+b')).toBe('plus');
});

test('a query parameter reads a plus sign as a space', async () => {
  await s3.put('a b');
  expect((await send('GET', '/bucket?prefix=a+b')).text).toContain('<Key>a b</Key>');
});

describe('header bytes over a socket', () => {
  let server: RunningServer;
  beforeEach(async () => {
    server = await startServer({ handle: s3.handle });
  });
  afterEach(() => server.close());

  /** Sends header values as UTF-8. The body is bytes, because Node writes the headers in the encoding of a text body. */
  const call = (method: string, path: string, headers: Record<string, string>, body = '') =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const bytes = Object.entries(headers).map(([name, value]) => [
        name,
        Buffer.from(value).toString('latin1'),
      ]);
      const outgoing = request(
        { port: server.port, method, path, headers: Object.fromEntries(bytes) },
        (response) => response.resume().once('end', () => resolve(response)),
      );
      outgoing.once('error', reject).end(Buffer.from(body));
    });
  const bytesOf = (header: string | string[] | undefined) => Buffer.from(String(header), 'latin1').toString();

  test('of metadata are UTF-8 and come back as an encoded word', async () => {
    await call('PUT', '/bucket/key', { 'x-amz-meta-city': 'Łódź' }, 'x');
    const { headers } = await call('HEAD', '/bucket/key', {});
    expect(headers['x-amz-meta-city']).toBe('=?UTF-8?Q?=C5=81=C3=B3d=C5=BA?=');
  });

  test('of tags are UTF-8', async () => {
    await call('PUT', '/bucket/key', { 'x-amz-tagging': 'city=Łódź' }, 'x');
    const { TagSet } = await s3.client.send(new GetObjectTaggingCommand(TARGET));
    expect(TagSet).toEqual([{ Key: 'city', Value: 'Łódź' }]);
  });

  test('of a copy source are UTF-8', async () => {
    await s3.put('Łódź', 'city');
    const { statusCode } = await call('PUT', '/bucket/copy', { 'x-amz-copy-source': 'bucket/Łódź' });
    expect([statusCode, await s3.read('copy')]).toEqual([200, 'city']);
  });

  test('of a system header come back unchanged', async () => {
    await call('PUT', '/bucket/key', { 'cache-control': 'Łódź' }, 'x');
    const { headers } = await call('HEAD', '/bucket/key', {});
    expect(bytesOf(headers['cache-control'])).toBe('Łódź');
  });
});

describe('metadata', () => {
  const roundTrip = async (value: string) => {
    await send('PUT', '/bucket/key', 'x', { 'x-amz-meta-a': value });
    return (await send('HEAD', '/bucket/key')).headers['x-amz-meta-a'];
  };

  test('that is an encoded word of ASCII comes back decoded', async () => {
    expect(await roundTrip('=?UTF-8?Q?plain_text?=')).toBe('plain text');
  });

  test('that is an encoded word in Base64 of ASCII comes back decoded', async () => {
    expect(await roundTrip(`=?UTF-8?B?${Buffer.from('plain').toString('base64')}?=`)).toBe('plain');
  });

  test('that is an encoded word of other text comes back as one encoded word', async () => {
    expect(await roundTrip(`=?UTF-8?B?${Buffer.from('é').toString('base64')}?=`)).toBe('=?UTF-8?Q?=C3=A9?=');
  });

  test('in another charset comes back in UTF-8', async () => {
    expect(await roundTrip('=?ISO-8859-1?Q?=E9?=')).toBe('=?UTF-8?Q?=C3=A9?=');
  });

  test('with spaces, underscores and equals signs is encoded so that it can be decoded', async () => {
    expect(await roundTrip('é _=')).toBe('=?UTF-8?Q?=C3=A9_=5F=3D?=');
  });

  test('with a control character comes back in Base64', async () => {
    const word = `=?UTF-8?B?${Buffer.from('é\u0007').toString('base64')}?=`;
    expect(await roundTrip(word)).toBe(word);
  });

  test('that resembles an encoded word is returned unchanged', async () => {
    expect(await roundTrip('=?nothing?X?abc?=')).toBe('=?nothing?X?abc?=');
  });
});

test('a response header from the query has a space for a character that no header can have', async () => {
  await s3.put();
  const target = `/bucket/key?response-content-disposition=${encodeURIComponent('Ł\u{1F600}\n')}`;
  expect((await send('GET', target)).headers['content-disposition']).toMatch(/^ +$/);
});

describe('documents', () => {
  test('have dates with milliseconds in lists of objects', async () => {
    await s3.put();
    expect((await send('GET', '/bucket')).text).toContain(
      '<LastModified>2026-11-22T10:00:00.000Z</LastModified>',
    );
  });

  test('have dates with milliseconds in lists of buckets', async () => {
    expect((await send('GET', '/')).text).toContain('<CreationDate>2026-11-22T10:00:00.000Z</CreationDate>');
    const { Buckets } = await s3.client.send(new ListBucketsCommand({}));
    expect(Buckets?.[0]?.CreationDate).toEqual(new Date('2026-11-22T10:00:00Z'));
  });

  test('do not change a key that resembles a date', async () => {
    await s3.put('2026-11-22T10:00:00Z');
    expect((await send('GET', '/bucket')).text).toContain('<Key>2026-11-22T10:00:00Z</Key>');
  });

  test('of errors have no Resource', async () => {
    expect((await send('GET', '/bucket/missing')).text).not.toContain('<Resource>');
  });
});

describe('a list has the Region of the bucket:', () => {
  test.each([['/bucket'], ['/bucket?list-type=2'], ['/bucket?versions'], ['/bucket?uploads']])(
    'GET %s',
    async (target) => {
      expect((await send('GET', target)).headers['x-amz-bucket-region']).toBe('us-east-1');
    },
  );
});

test('ListObjectsV2 with a token has no StartAfter', async () => {
  for (const Key of ['a', 'b', 'c']) await s3.put(Key);
  const input = { Bucket: TARGET.Bucket, MaxKeys: 1, StartAfter: 'a' };
  const first = await s3.client.send(new ListObjectsV2Command(input));
  expect(first.StartAfter).toBe('a');
  const ContinuationToken = first.NextContinuationToken;
  const second = await s3.client.send(new ListObjectsV2Command({ ...input, ContinuationToken }));
  expect([second.StartAfter, second.Contents?.[0]?.Key]).toEqual([undefined, 'c']);
});
