import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { s3Client } from './clients.ts';
import { targetOf } from './object-target.ts';
import { checksumOf, isWholeAlgorithm, type WholeAlgorithm } from './whole-checksums.ts';

/** A multipart upload that has been begun. */
export interface Upload {
  bucket: string;
  key: string;
  id: string;
  algorithm: WholeAlgorithm;
}

interface ListedUpload extends Upload {
  /** Who has begun it. */
  initiator: string;
}

/**
 * S3 shows neither the metadata nor the tags of an upload that is not complete. So what an upload is for is told by one
 * more part, which is not among those that are put together in the end: it holds a fingerprint, and S3 lists its checksum.
 */
const MARK_NUMBER = 10_000;
const MARK_BYTES = 64;

/** Marks an upload; the fingerprint has 64 characters. */
export async function markUpload(upload: Upload, fingerprint: string, abortSignal: AbortSignal) {
  const command = new UploadPartCommand({
    ...targetOf(upload),
    UploadId: upload.id,
    PartNumber: MARK_NUMBER,
    Body: fingerprint,
    [`Checksum${upload.algorithm}`]: await checksumOf(fingerprint, upload.algorithm),
  });
  await s3Client().send(command, { abortSignal });
}

const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));

/** The unfinished uploads to a key that were begun as ours are: for a checksum of the whole object. */
export async function listUploads(
  { bucket, key }: Pick<Upload, 'bucket' | 'key'>,
  abortSignal: AbortSignal,
): Promise<ListedUpload[]> {
  const uploads: ListedUpload[] = [];
  let marker: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await s3Client().send(
      new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key, EncodingType: 'url', ...marker }),
      { abortSignal },
    );
    for (const { Key = '', UploadId: id = '', Initiator, ChecksumType, ChecksumAlgorithm } of page.Uploads ??
      []) {
      // Uploads come in the order of their keys, and the key itself before all that only begin like it.
      if (decode(Key) !== key) return uploads;
      if (ChecksumType === 'FULL_OBJECT' && isWholeAlgorithm(ChecksumAlgorithm))
        uploads.push({ bucket, key, id, algorithm: ChecksumAlgorithm, initiator: Initiator?.ID ?? '' });
    }
    if (!page.IsTruncated) return uploads;
    marker = {
      KeyMarker: decode(page.NextKeyMarker ?? ''),
      UploadIdMarker: page.NextUploadIdMarker,
    };
  }
}

async function pageOfParts(upload: Upload, after: string, abortSignal: AbortSignal) {
  const command = new ListPartsCommand({
    ...targetOf(upload),
    UploadId: upload.id,
    PartNumberMarker: after,
  });
  return s3Client().send(command, { abortSignal });
}

async function markOf(upload: Upload, signal: AbortSignal) {
  const { Parts: [mark] = [] } = await pageOfParts(upload, String(MARK_NUMBER - 1), signal);
  return mark;
}

/** The first of the uploads that has this fingerprint as its mark. */
export async function findMarked<U extends Upload>(
  uploads: readonly U[],
  fingerprint: string,
  signal: AbortSignal,
): Promise<U | undefined> {
  for (const upload of uploads) {
    const mark = await markOf(upload, signal);
    const checksum = await checksumOf(fingerprint, upload.algorithm);
    if (mark?.Size === MARK_BYTES && mark[`Checksum${upload.algorithm}`] === checksum) return upload;
  }
  return undefined;
}

/** The parts of an upload by number, without its mark. */
export async function listParts(
  upload: Upload,
  signal: AbortSignal,
): Promise<Map<number, { bytes: number; etag: string }>> {
  const parts = new Map<number, { bytes: number; etag: string }>();
  let after = '0';
  for (;;) {
    const page = await pageOfParts(upload, after, signal);
    for (const { PartNumber = 0, Size = 0, ETag = '' } of page.Parts ?? [])
      if (PartNumber !== MARK_NUMBER) parts.set(PartNumber, { bytes: Size, etag: ETag });
    if (!page.IsTruncated) return parts;
    after = page.NextPartNumberMarker ?? '';
  }
}

/** Nothing has been uploaded, or a mark: whoever began it as we do was ended at once, or has changed their mind. */
async function isStray(upload: Upload, signal: AbortSignal): Promise<boolean> {
  const mark = await markOf(upload, signal);
  if (mark) return mark.Size === MARK_BYTES;
  return (await listParts(upload, signal)).size === 0;
}

async function abortStray(upload: Upload, abortSignal: AbortSignal): Promise<void> {
  try {
    if (!(await isStray(upload, abortSignal))) return;
    const command = new AbortMultipartUploadCommand({ ...targetOf(upload), UploadId: upload.id });
    await s3Client().send(command, { abortSignal });
  } catch (error) {
    // Another try has been here.
    if ((error as Error | undefined)?.name !== 'NoSuchUpload') throw error;
  }
}

/**
 * Aborts what earlier tries have left at the key of an upload: uploads by the same initiator that are marked, or empty.
 */
export async function abortStrays(own: Upload, abortSignal: AbortSignal): Promise<void> {
  const uploads = await listUploads(own, abortSignal);
  const initiator = uploads.find(({ id }) => id === own.id)?.initiator;
  for (const upload of uploads)
    if (upload.id !== own.id && upload.initiator === initiator) await abortStray(upload, abortSignal);
}
