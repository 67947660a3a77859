import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { s3Client } from './clients.ts';
import { objectCopies } from './object-copies.ts';
import { type ObjectVersion, targetOf } from './object-target.ts';
import { type ObjectTraits, traitMembers } from './object-traits.ts';

interface WriteOrder {
  target: { bucket: string; key: string };
  traits: ObjectTraits;
  tags: ReadonlyMap<string, string>;
  access: Readonly<Record<string, string>>;
  replaces: string | undefined;
}

const PART_BYTES = 8 * 1024 ** 2;
/** After so many parts they are larger, so that 10,000 of them hold 430 GB. */
const GROWS_AFTER = 1024;

/** Cuts a stream into parts that grow slowly, as its length is not known. The last one may be empty. */
async function* partsOf(body: AsyncIterable<Uint8Array>, partBytes: number): AsyncGenerator<Buffer> {
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  let count = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes < partBytes * (1 + Math.floor(count / GROWS_AFTER))) continue;
    yield Buffer.concat(chunks);
    count++;
    chunks = [];
    bytes = 0;
  }
  yield Buffer.concat(chunks);
}

const conditionOf = ({ replaces }: WriteOrder) =>
  replaces === undefined ? {} : { IfMatch: `"${replaces}"` };
const membersOf = ({ target, traits, tags, access }: WriteOrder) => ({
  ...traitMembers(traits, tags),
  ...access,
  ...targetOf(target),
});

async function uploadParts(order: WriteOrder, parts: AsyncIterable<Buffer>, abortSignal: AbortSignal) {
  const create = new CreateMultipartUploadCommand({ ...membersOf(order), ChecksumAlgorithm: 'CRC32' });
  const { UploadId } = await s3Client().send(create, { abortSignal });
  const upload = { ...targetOf(order.target), UploadId };
  try {
    const uploaded: CompletedPart[] = [];
    let bytes = 0;
    for await (const Body of parts) {
      if (Body.length === 0) continue;
      const PartNumber = uploaded.length + 1;
      const command = new UploadPartCommand({ ...upload, PartNumber, Body, ChecksumAlgorithm: 'CRC32' });
      const { ETag, ChecksumCRC32 } = await s3Client().send(command, { abortSignal });
      uploaded.push({ PartNumber, ETag, ChecksumCRC32 });
      bytes += Body.length;
    }
    const complete = new CompleteMultipartUploadCommand({
      ...upload,
      MultipartUpload: { Parts: uploaded },
      ...conditionOf(order),
    });
    await s3Client().send(complete, { abortSignal });
    return bytes;
  } catch (error) {
    await s3Client()
      .send(new AbortMultipartUploadCommand(upload))
      .catch(() => {});
    throw error;
  }
}

async function* chained(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

/** What fits into one part goes in one call. */
async function write(
  order: WriteOrder,
  body: AsyncIterable<Uint8Array>,
  abortSignal: AbortSignal,
  partBytes: number,
): Promise<number> {
  const parts = partsOf(body, partBytes);
  try {
    const { value: first = Buffer.alloc(0) } = await parts.next();
    if (first.length >= partBytes) return await uploadParts(order, chained(first, parts), abortSignal);
    const command = new PutObjectCommand({ ...membersOf(order), Body: first, ...conditionOf(order) });
    await s3Client().send(command, { abortSignal });
    return first.length;
  } finally {
    await parts.return(undefined);
  }
}

/** Objects as streams for the worker; S3's exceptions pass as they are, the worker sorts them. */
export const objectStreams = (partBytes = PART_BYTES) => ({
  head: objectCopies.head,
  tags: objectCopies.tags,
  grants: objectCopies.grants,
  async read(object: ObjectVersion, etag: string, abortSignal: AbortSignal) {
    const command = new GetObjectCommand({ ...targetOf(object), IfMatch: `"${etag}"` });
    const { Body } = await s3Client().send(command, { abortSignal });
    return Body as Readable as AsyncIterable<Uint8Array>;
  },
  write: (order: WriteOrder, body: AsyncIterable<Uint8Array>, signal: AbortSignal) =>
    write(order, body, signal, partBytes),
});
