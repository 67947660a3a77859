import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { s3Client } from './clients.ts';
import { unquoted } from './etags.ts';

export interface StreamOrder {
  target: { Bucket: string; Key: string };
  /** Headers, metadata, tags and access of the new object. */
  members: Omit<Partial<PutObjectCommandInput>, 'Body' | 'IfMatch' | 'IfNoneMatch'>;
  condition?: { IfMatch?: string };
  signal?: AbortSignal;
  /** At least this many bytes go into each part but the last. A test makes it smaller. */
  partBytes?: number;
}

/** S3 requires at least 5 MiB; one part is held in memory. */
const PART_BYTES = 8 * 1024 ** 2;
/** Parts grow after this number, so that 10,000 of them hold 430 GB. */
const GROWS_AFTER = 1024;

/** S3 requires the algorithm at each step; the SDK alone names it only in the parts. */
const ChecksumAlgorithm = 'CRC32';

/** Cuts a stream of unknown length into parts. The last one may be empty. The same stream always gives the same parts. */
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

async function* chained(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function uploadParts(
  { target, members, condition, signal }: StreamOrder,
  parts: AsyncIterable<Buffer>,
) {
  const options = signal && { abortSignal: signal };
  const create = new CreateMultipartUploadCommand({ ...members, ...target, ChecksumAlgorithm });
  const { UploadId } = await s3Client().send(create, options);
  const upload = { ...target, UploadId };
  try {
    const uploaded: CompletedPart[] = [];
    let bytes = 0;
    for await (const Body of parts) {
      if (Body.length === 0) continue;
      const PartNumber = uploaded.length + 1;
      const command = new UploadPartCommand({ ...upload, PartNumber, Body, ChecksumAlgorithm });
      const { ETag, ChecksumCRC32 } = await s3Client().send(command, options);
      uploaded.push({ PartNumber, ETag, ChecksumCRC32 });
      bytes += Body.length;
    }
    const complete = new CompleteMultipartUploadCommand({
      ...upload,
      MultipartUpload: { Parts: uploaded },
      ...condition,
    });
    const { ETag } = await s3Client().send(complete, options);
    return { bytes, etag: unquoted(ETag) };
  } catch (error) {
    // The first error is the one to report. The bucket's lifecycle rule removes what this call cannot.
    await s3Client()
      .send(new AbortMultipartUploadCommand(upload))
      .catch(() => {});
    throw error;
  }
}

/**
 * Stores a stream as one object, in memory that does not grow with it: in one call if the stream fits into one part,
 * otherwise as a multipart upload. After an error nothing is stored. S3's exceptions pass unchanged.
 */
export async function uploadStream(
  body: AsyncIterable<Uint8Array>,
  order: StreamOrder,
): Promise<{ bytes: number; etag: string }> {
  const { target, members, condition, signal, partBytes = PART_BYTES } = order;
  const parts = partsOf(body, partBytes);
  try {
    const { value: first = Buffer.alloc(0) } = await parts.next();
    if (first.length >= partBytes) return await uploadParts(order, chained(first, parts));
    const command = new PutObjectCommand({ ...members, ...target, Body: first, ...condition });
    const { ETag } = await s3Client().send(command, signal && { abortSignal: signal });
    return { bytes: first.length, etag: unquoted(ETag) };
  } finally {
    await parts.return(undefined);
  }
}
