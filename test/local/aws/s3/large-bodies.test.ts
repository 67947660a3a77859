import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  ChecksumAlgorithm,
  HeadObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checksumOf, createDigest } from '../../../../local/aws/s3/payload/checksums.ts';
import { gatherChunks, LARGE_BODY_BYTES } from '../../../../local/aws/s3/payload/digest-threads.ts';
import { type S3Stack, startS3WithBucket, TARGET } from '../../../support/s3.ts';
import { callWire, wireRequest } from '../../../support/wire.ts';

const bytes = Buffer.alloc(3 * LARGE_BODY_BYTES + 12_345, 'abcdefghijklm');
const length = { 'content-length': String(bytes.byteLength) };

let dir: string;
let s3: S3Stack;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 's3-large-'));
  s3 = await startS3WithBucket({ dir, limits: { minPartBytes: 1 } });
});
afterEach(() => {
  s3.database.close();
  rmSync(dir, { recursive: true, force: true });
});

const put = (headers: Record<string, string> = {}) =>
  callWire(s3.handle, wireRequest('PUT', '/bucket/key', { body: bytes, headers: { ...length, ...headers } }));
const bodies = () => readdirSync(join(dir, 'bodies')).filter((name) => name !== 'database-id');

describe('a large body', () => {
  test('is stored with its MD5 and its CRC64NVME', async () => {
    const { headers } = await put();
    expect(headers['etag']).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
    expect(headers['x-amz-checksum-crc64nvme']).toBe(await checksumOf('CRC64NVME', bytes));
    const body = await (await s3.get()).Body?.transformToByteArray();
    expect(bytes.equals(Buffer.from(body ?? []))).toBe(true);
  });

  test.each(Object.values(ChecksumAlgorithm))('is verified with %s', async (algorithm) => {
    const header = `x-amz-checksum-${algorithm.toLowerCase()}`;
    expect((await put({ [header]: await checksumOf(algorithm, bytes) })).status).toBe(200);
    const wrong = await put({ [header]: await checksumOf(algorithm, Buffer.from('other')) });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('<Code>BadDigest</Code>')]);
    expect(bodies()).toHaveLength(1);
  });

  test('is verified with a Content-MD5', async () => {
    const md5 = (body: Buffer | string) => createHash('md5').update(body).digest('base64');
    expect((await put({ 'content-md5': md5(bytes) })).status).toBe(200);
    expect((await put({ 'content-md5': md5('other') })).text).toContain('<Code>BadDigest</Code>');
  });

  test('that is shorter than declared is IncompleteBody and leaves no file', async () => {
    const answer = await put({ 'content-length': String(bytes.byteLength + 1) });
    expect(answer.text).toContain('<Code>IncompleteBody</Code>');
    expect(bodies()).toEqual([]);
  });

  test('of more than 8 MB is removed in the background when it is replaced', async () => {
    await s3.put(TARGET.Key, Buffer.alloc(9 * 1024 * 1024));
    await s3.put(TARGET.Key, 'small');
    await s3.head();
    while (bodies().length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await s3.read()).toBe('small');
  });

  test('can be a stream with its checksum as a trailer', async () => {
    const Body = Readable.from([bytes.subarray(0, 700_000), bytes.subarray(700_000)]);
    await s3.put(TARGET.Key, Body, { ContentLength: bytes.byteLength, ChecksumAlgorithm: 'SHA256' });
    const head = await s3.client.send(new HeadObjectCommand({ ...TARGET, ChecksumMode: 'ENABLED' }));
    expect(head.ChecksumSHA256).toBe(createHash('sha256').update(bytes).digest('base64'));
  });

  test('can be a part, and the source of a part', async () => {
    await put();
    const UploadId = await s3.startUpload({ Key: 'parts' });
    const part = { ...TARGET, Key: 'parts', UploadId };
    const one = await s3.client.send(new UploadPartCommand({ ...part, PartNumber: 1, Body: bytes }));
    const two = await s3.client.send(
      new UploadPartCopyCommand({ ...part, PartNumber: 2, CopySource: 'bucket/key' }),
    );
    expect(two.CopyPartResult?.ETag).toBe(one.ETag);
    const Parts = [one.ETag, two.CopyPartResult?.ETag].map((ETag, index) => ({
      PartNumber: index + 1,
      ETag,
    }));
    const { ChecksumCRC64NVME } = await s3.completeUpload(UploadId, Parts, { Key: 'parts' });
    expect(ChecksumCRC64NVME).toBe(await checksumOf('CRC64NVME', bytes, bytes));
  });
});

test('gathered chunks are the same bytes in chunks of one size', async () => {
  const size = fc.integer({ min: 0, max: 700_000 });
  await fc.assert(
    fc.asyncProperty(fc.array(size, { maxLength: 8 }), async (sizes) => {
      const pieces = sizes.map((bytesInPiece, index) => Buffer.alloc(bytesInPiece, `${index}-`));
      const gathered: Uint8Array[] = [];
      for await (const chunk of gatherChunks(Readable.from(pieces))) gathered.push(Uint8Array.from(chunk));
      expect(Buffer.concat(gathered).equals(Buffer.concat(pieces))).toBe(true);
      for (const chunk of gathered.slice(0, -1)) expect(chunk.byteLength).toBe(LARGE_BODY_BYTES);
    }),
    { numRuns: 10 },
  );
});

test.each([['CRC64NVME'], ['CRC32C']] as const)(
  '%s does not depend on how the bytes are split',
  async (algorithm) => {
    const text = Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 37) % 251));
    const whole = await checksumOf(algorithm, text);
    fc.assert(
      fc.property(fc.array(fc.nat(300), { maxLength: 5 }), (cuts) => {
        const digest = createDigest(algorithm);
        const ends = [...cuts.sort((a, b) => a - b), 300];
        for (const [index, end] of ends.entries()) digest.update(text.subarray(ends[index - 1] ?? 0, end));
        expect(Buffer.from(digest.digest() as Uint8Array).toString('base64')).toBe(whole);
      }),
    );
  },
);
