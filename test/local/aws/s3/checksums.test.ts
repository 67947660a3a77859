import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  ChecksumAlgorithm,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeAwsChunked } from '../../../../local/aws/s3/payload/aws-chunked.ts';
import { checksumOf } from '../../../../local/aws/s3/payload/checksums.ts';
import { type S3Stack, startS3WithBucket, TARGET } from '../../../support/s3.ts';
import { callWire, wireRequest } from '../../../support/wire.ts';

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket();
});

const put = (more: Partial<PutObjectCommandInput> = {}) =>
  s3.client.send(new PutObjectCommand({ ...TARGET, Body: '123456789', ...more }));
const head = (): Promise<HeadObjectCommandOutput> =>
  s3.client.send(new HeadObjectCommand({ ...TARGET, ChecksumMode: 'ENABLED' }));

/** Of `123456789`, from the specifications of the algorithms. */
const KNOWN = {
  CRC32: 'cbf43926',
  CRC32C: 'e3069283',
  CRC64NVME: 'ae8b14860a799888',
  XXHASH64: '8cb841db40e6ae83',
};
const hex = (text: string) => Buffer.from(text, 'base64').toString('hex');

describe('a checksum', () => {
  test.each(Object.entries(KNOWN))('in %s has the known value', async (algorithm, value) => {
    expect(hex(await checksumOf(algorithm as 'CRC32', Buffer.from('1234'), Buffer.from('56789')))).toBe(
      value,
    );
  });

  test.each(Object.values(ChecksumAlgorithm))('in %s is verified, stored and returned', async (algorithm) => {
    const member = `Checksum${algorithm}` as 'ChecksumCRC32';
    const value = await checksumOf(algorithm, Buffer.from('123456789'));
    const { [member]: answered, ChecksumType } = await put({ [member]: value });
    expect(answered).toBe(value);
    expect(ChecksumType).toBe('FULL_OBJECT');
    expect((await head())[member]).toBe(answered);
    await expect(put({ [member]: answered, Body: 'other' })).rejects.toMatchObject({
      name: 'BadDigest',
      ExpectedDigest: answered,
    });
    expect((await callWire(s3.handle, wireRequest('GET', '/bucket/key'))).text).toBe('123456789');
  });

  test('is returned only on request, and not for a range of the object', async () => {
    await put();
    const plain: HeadObjectCommandOutput = await s3.client.send(new HeadObjectCommand(TARGET));
    expect([plain.ChecksumCRC32, plain.ChecksumType]).toEqual([undefined, undefined]);
    const part = await s3.client.send(
      new GetObjectCommand({ ...TARGET, Range: 'bytes=0-1', ChecksumMode: 'ENABLED' }),
    );
    expect(part.ChecksumCRC32).toBeUndefined();
  });

  test('is CRC64NVME when the client sends none', async () => {
    const { status, headers } = await callWire(
      s3.handle,
      wireRequest('PUT', '/bucket/key', { body: '123456789' }),
    );
    expect([status, hex(headers['x-amz-checksum-crc64nvme'] ?? '')]).toEqual([200, KNOWN.CRC64NVME]);
  });

  test('can be a trailer of a streamed body', async () => {
    const pieces = Array.from({ length: 40 }, (_, index) => Buffer.alloc(5_000, String(index % 10)));
    const bytes = Buffer.concat(pieces);
    const answer = await put({
      Body: Readable.from(pieces),
      ContentLength: bytes.byteLength,
      ChecksumAlgorithm: 'SHA256',
      ContentEncoding: 'gzip',
    });
    expect(answer.ChecksumSHA256).toBe(createHash('sha256').update(bytes).digest('base64'));
    expect(answer.ETag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
    expect(await head()).toMatchObject({ ContentLength: 200_000, ContentEncoding: 'gzip' });
  });

  test.each([
    ['BadDigest', { 'content-md5': createHash('md5').update('other').digest('base64') }],
    ['InvalidDigest', { 'content-md5': 'nonsense' }],
    ['InvalidRequest', { 'x-amz-checksum-crc32': 'nonsense' }],
    [
      'InvalidRequest',
      { 'x-amz-checksum-crc32': 'y/Q5Jg==', 'x-amz-checksum-sha1': '98O8HYCOBHMq32eZZczDTKeuNEE=' },
    ],
    ['IncompleteBody', { 'content-length': '5' }],
    ['EntityTooLarge', { 'content-length': String(5 * 1024 ** 3 + 1) }],
  ])(
    'that does not match is %s, and nothing is stored: %j',
    async (code, headers: Record<string, string>) => {
      const { status, text } = await callWire(
        s3.handle,
        wireRequest('PUT', '/bucket/key', { headers, body: '123456789' }),
      );
      expect([status, text]).toEqual([400, expect.stringContaining(`<Code>${code}</Code>`)]);
      await expect(head()).rejects.toMatchObject({ name: 'NotFound' });
    },
  );

  test('of a request that is not an upload is also verified', async () => {
    await put();
    const call = s3.client.send(
      new DeleteObjectsCommand({
        Bucket: 'bucket',
        Delete: { Objects: [{ Key: 'key' }] },
        ChecksumAlgorithm: 'SHA1',
      }),
    );
    await call;
    await put();
    const body = '<Delete><Object><Key>key</Key></Object></Delete>';
    const headers = { 'x-amz-checksum-crc32': 'AAAAAA==' };
    expect(
      (await callWire(s3.handle, wireRequest('POST', '/bucket?delete', { headers, body }))).text,
    ).toContain('BadDigest');
    expect((await head()).ContentLength).toBe(9);
  });
});

describe('the aws-chunked coding', () => {
  const decode = async (pieces: string[]) => {
    const body = (async function* () {
      for (const piece of pieces) yield Buffer.from(piece, 'latin1');
    })();
    const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '1' };
    const request = decodeAwsChunked({ ...wireRequest('PUT', '/b/k', { headers }), body });
    const chunks: Uint8Array[] = [];
    for await (const chunk of request.body) chunks.push(chunk);
    return { text: Buffer.concat(chunks).toString('latin1'), headers: request.headers };
  };

  test('is decoded wherever the chunks are split, with signatures and trailers', async () => {
    const coded =
      '5;chunk-signature=ab\r\nhel\r\n\r\n1\r\n!\r\n0;chunk-signature=cd\r\nx-amz-checksum-crc32:abc=\r\nx-amz-trailer-signature:ef\r\n\r\n';
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(coded.length), { maxLength: 6 }), async (cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), coded.length];
        const { text, headers } = await decode(
          ends.map((end, index) => coded.slice(ends[index - 1] ?? 0, end)),
        );
        expect([text, headers['x-amz-checksum-crc32'], headers['content-encoding']]).toEqual([
          'hel\r\n!',
          'abc=',
          undefined,
        ]);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    '',
    '5\r\nhel',
    '5\r\nhello',
    '3\r\nhello\r\n0\r\n\r\n',
    'zz\r\n',
    '5\r\nhello\r\n',
    `${'1'.repeat(5000)}`,
  ])('that is incomplete or malformed is IncompleteBody: %j', async (coded) => {
    await expect(decode([coded])).rejects.toMatchObject({ code: 'IncompleteBody' });
  });
});
