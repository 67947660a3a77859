import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { ObjectLocation } from '../../worker/object-copy.ts';
import { s3Client } from '../clients.ts';
import { targetOf } from './target.ts';
import { checksumOf, isWholeAlgorithm, type WholeAlgorithm } from './whole-checksums.ts';

/** A multipart upload that is not complete. */
export interface Upload extends ObjectLocation {
  id: string;
  algorithm: WholeAlgorithm;
}

interface ListedUpload extends Upload {
  /** The principal that started it, as S3 names it. */
  initiator: string | undefined;
}

/**
 * S3 shows neither the metadata nor the tags of an unfinished upload. Therefore each upload gets one extra part, its mark,
 * which is left out when the upload is completed: the mark holds a fingerprint, and S3 lists the part's checksum.
 */
const MARK_NUMBER = 10_000;
const MARK_BYTES = 64;

/** Uploads the mark; the fingerprint has 64 characters. */
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

/** The unfinished uploads to a key that have a checksum of the whole object, as ours have. */
export async function listUploads(
  { bucket, key }: ObjectLocation,
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
      // Uploads are listed in the order of their keys: the key itself comes before keys that have it as a prefix.
      if (decode(Key) !== key) return uploads;
      if (ChecksumType === 'FULL_OBJECT' && isWholeAlgorithm(ChecksumAlgorithm))
        uploads.push({ bucket, key, id, algorithm: ChecksumAlgorithm, initiator: Initiator?.ID });
    }
    if (!page.IsTruncated) return uploads;
    marker = {
      KeyMarker: decode(page.NextKeyMarker ?? ''),
      UploadIdMarker: page.NextUploadIdMarker,
    };
  }
}

/** The uploads that one principal started; none if it is not known. */
export const ownOf = (uploads: readonly ListedUpload[], initiator: string | undefined): ListedUpload[] =>
  uploads.filter((upload) => upload.initiator !== undefined && upload.initiator === initiator);

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

/** The first upload whose mark holds this fingerprint. */
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

/** The parts of an upload by number, without the mark, and the principal that started it. */
export async function listParts(
  upload: Upload,
  signal: AbortSignal,
): Promise<{ parts: Map<number, { bytes: number; etag: string }>; initiator: string | undefined }> {
  const parts = new Map<number, { bytes: number; etag: string }>();
  let after = '0';
  for (;;) {
    const page = await pageOfParts(upload, after, signal);
    for (const { PartNumber = 0, Size = 0, ETag = '' } of page.Parts ?? [])
      if (PartNumber !== MARK_NUMBER) parts.set(PartNumber, { bytes: Size, etag: ETag });
    if (!page.IsTruncated) return { parts, initiator: page.Initiator?.ID };
    after = page.NextPartNumberMarker ?? '';
  }
}

/** Whether an upload has a mark, or no parts at all: an earlier try was ended, or had other arguments. */
async function isStray(upload: Upload, signal: AbortSignal): Promise<boolean> {
  const mark = await markOf(upload, signal);
  if (mark) return mark.Size === MARK_BYTES;
  return (await listParts(upload, signal)).parts.size === 0;
}

async function abortStray(upload: Upload, abortSignal: AbortSignal): Promise<void> {
  try {
    if (!(await isStray(upload, abortSignal))) return;
    const command = new AbortMultipartUploadCommand({ ...targetOf(upload), UploadId: upload.id });
    await s3Client().send(command, { abortSignal });
  } catch (error) {
    // Another try has aborted or completed it.
    if ((error as Error | undefined)?.name !== 'NoSuchUpload') throw error;
  }
}

/**
 * Aborts the uploads that earlier tries left at the key: those of the same initiator that have a mark or no parts.
 */
export async function abortStrays(
  current: Upload,
  initiator: string | undefined,
  abortSignal: AbortSignal,
): Promise<void> {
  const uploads = await listUploads(current, abortSignal);
  for (const upload of ownOf(uploads, initiator))
    if (upload.id !== current.id) await abortStray(upload, abortSignal);
}
