import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEndpoint } from '../../../../local/aws/endpoint.ts';
import { type RunningServer, startServer } from '../../../../local/aws/server.ts';
import { type S3Stack, startS3 } from '../../../support/s3.ts';

let dir: string;
let s3: S3Stack;
let server: RunningServer;
let client: S3Client;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 's3-wire-'));
  s3 = startS3({ dir });
  const nobody = async () => ({ status: 500, headers: {} });
  server = await startServer({
    handle: createEndpoint({ s3: s3.handle, s3control: nobody, states: nobody }),
  });
  client = new S3Client({
    endpoint: `http://127.0.0.1:${server.port}`,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  await client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
});
afterAll(async () => {
  client.destroy();
  await server.close();
  s3.database.close();
  rmSync(dir, { recursive: true, force: true });
});

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
const get = async (Key: string) =>
  Buffer.from(
    (await (
      await client.send(new GetObjectCommand({ Bucket: 'bucket', Key }))
    ).Body?.transformToByteArray()) ?? [],
  );

describe('over a socket', () => {
  test('bodies of any size are stored and returned unchanged', async () => {
    for (const size of [0, 1, 100_000, 6_000_000]) {
      const Body = Buffer.alloc(size, 'abcdefg');
      await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: `${size}`, Body }));
      expect(md5(await get(`${size}`))).toBe(md5(Body));
    }
  });

  test('a stream is sent in chunks with its checksum as a trailer', async () => {
    const pieces = Array.from({ length: 20 }, (_, index) => Buffer.alloc(30_000, `${index}`));
    const ContentLength = 600_000;
    const input = { Bucket: 'bucket', Key: 'stream', Body: Readable.from(pieces), ContentLength };
    const { ChecksumCRC32 } = await client.send(new PutObjectCommand(input));
    expect(ChecksumCRC32).toBeDefined();
    expect(md5(await get('stream'))).toBe(md5(Buffer.concat(pieces)));
  });

  test('keys are stored byte for byte', async () => {
    const keys = ['a b+c%2F', '../x/./y', '//', 'a//b/', '\u017C\u{1F600}', 'line\nbreak'];
    for (const Key of keys) {
      await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: `odd/${Key}`, Body: Key }));
      expect((await get(`odd/${Key}`)).toString()).toBe(Key);
    }
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: 'bucket', Prefix: 'odd/' }));
    expect(Contents?.map(({ Key }) => Key?.slice(4)).sort()).toEqual([...keys].sort());
    const Objects = keys.map((Key) => ({ Key: `odd/${Key}` }));
    const { Deleted } = await client.send(
      new DeleteObjectsCommand({ Bucket: 'bucket', Delete: { Objects } }),
    );
    expect(Deleted?.map(({ Key }) => Key)).toEqual(Objects.map(({ Key }) => Key));
  });

  test('an upload in parts of real size becomes one object', async () => {
    const input = { Bucket: 'bucket', Key: 'parts' };
    const bytes = Buffer.alloc(6_000_000, '0123456789abc');
    const bodies = [bytes.subarray(0, 5 * 1024 ** 2), bytes.subarray(5 * 1024 ** 2)];
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(input));
    const Parts = await Promise.all(
      bodies.map(async (Body, index) => {
        const PartNumber = index + 1;
        const { ETag } = await client.send(new UploadPartCommand({ ...input, UploadId, PartNumber, Body }));
        return { PartNumber, ETag };
      }),
    );
    await client.send(new CompleteMultipartUploadCommand({ ...input, UploadId, MultipartUpload: { Parts } }));
    expect(md5(await get('parts'))).toBe(md5(bytes));
  });

  test('an error has a document, and a response to HEAD only a status', async () => {
    await expect(get('missing')).rejects.toMatchObject({ name: 'NoSuchKey', Key: 'missing' });
    const response = await fetch(`http://localhost:${server.port}/bucket/missing`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([404, '']);
  });

  test('an upload that breaks off stores nothing, and the server keeps running', async () => {
    await new Promise<void>((resolve) => {
      const headers = { 'content-length': '1000000' };
      const upload = request({ port: server.port, method: 'PUT', path: '/bucket/broken', headers });
      upload.on('error', () => resolve());
      upload.write(Buffer.alloc(200_000), () => upload.destroy(new Error('gone')));
    });
    await expect(get('broken')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});
