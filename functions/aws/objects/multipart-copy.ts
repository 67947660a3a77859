import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { ObjectVersion } from '../../worker/contract.ts';
import type { CopySizes, ObjectHead, ObjectLocation } from '../../worker/object-copy.ts';
import { s3Client } from '../clients.ts';
import { unquoted } from '../etags.ts';
import { inLanes } from '../lanes.ts';
import { copySourceOf, targetOf } from './target.ts';
import {
  abortStrays,
  findMarked,
  listParts,
  listUploads,
  markUpload,
  ownOf,
  type Upload,
} from './unfinished-uploads.ts';
import { isWholeAlgorithm, type WholeAlgorithm } from './whole-checksums.ts';

export interface PartsOrder {
  source: ObjectVersion;
  /** ETag of the source: no part is taken from another version. */
  etag: string;
  bytes: number;
  checksum: ObjectHead['checksum'] | undefined;
  target: ObjectLocation;
  /** Headers, metadata, tags and access of the copy. */
  members: Partial<CreateMultipartUploadCommandInput>;
  condition: Pick<CompleteMultipartUploadCommandInput, 'IfMatch' | 'IfNoneMatch'>;
  /** Whether the parts are kept for a later try after this error. If not, the upload is aborted. */
  isRetryable: (error: unknown) => boolean;
}

type PartSizes = Pick<CopySizes, 'partBytes' | 'partsInProgress'>;

export interface Part {
  number: number;
  from: number;
  /** Exclusive. */
  to: number;
}

/** Part number 10,000 is reserved for the mark of the upload. */
export const MAX_PARTS = 9_999;

/** Cuts an object into parts of equal size, except the last one. The size is a multiple of `partBytes` if there would be too many parts. */
export function planParts(bytes: number, partBytes: number): Part[] {
  const step = partBytes * Math.ceil(bytes / (partBytes * MAX_PARTS));
  return Array.from({ length: Math.ceil(bytes / step) }, (_, index) => ({
    number: index + 1,
    from: index * step,
    to: Math.min(bytes, (index + 1) * step),
  }));
}

/** Identifies the copy: another version of the source, or other arguments, give another fingerprint. */
function fingerprintOf(
  { source, etag, bytes, checksum, target, members }: PartsOrder,
  sizes: PartSizes,
): string {
  const sorted = (value: object) => Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  const { Metadata = {}, ...others } = members;
  const all = [
    [source.bucket, source.key, source.versionId ?? '', etag, bytes, checksum ?? null],
    [target.bucket, target.key, sizes.partBytes],
    sorted(others),
    sorted(Metadata),
  ];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}

/** The algorithm of the source, if S3 can compute it for a whole object from its parts. */
const algorithmOf = ({ checksum }: PartsOrder): WholeAlgorithm =>
  isWholeAlgorithm(checksum?.algorithm) ? checksum.algorithm : 'CRC64NVME';

async function startUpload(order: PartsOrder, abortSignal: AbortSignal): Promise<Upload> {
  const { target, members } = order;
  const algorithm = algorithmOf(order);
  const command = new CreateMultipartUploadCommand({
    ...members,
    ...targetOf(target),
    ChecksumAlgorithm: algorithm,
    ChecksumType: 'FULL_OBJECT',
  });
  const { UploadId: id = '' } = await s3Client().send(command, { abortSignal });
  return { ...target, id, algorithm };
}

/**
 * The principal of this function as S3 names it in listings. S3 does not document the form for the session of a role, so
 * it is read from an upload of our own.
 */
let ownInitiator: string | undefined;

async function partsOfOwn(upload: Upload, signal: AbortSignal) {
  const { parts, initiator } = await listParts(upload, signal);
  ownInitiator = initiator;
  return parts;
}

/**
 * The upload to continue: an unfinished upload for the same copy, or a new one. An upload that another principal started
 * is never continued, because its mark and its parts can be forged.
 */
async function openUpload(
  order: PartsOrder,
  listed: Awaited<ReturnType<typeof listUploads>>,
  fingerprint: string,
  signal: AbortSignal,
): Promise<Upload> {
  let started: Upload | undefined;
  if (listed.length > 0 && ownInitiator === undefined) {
    started = await startUpload(order, signal);
    await partsOfOwn(started, signal);
  }
  const found = await findMarked(ownOf(listed, ownInitiator), fingerprint, signal);
  if (found) {
    if (started) await abort(started);
    return found;
  }
  started ??= await startUpload(order, signal);
  await markUpload(started, fingerprint, signal);
  return started;
}

async function copyPart({ source, etag }: PartsOrder, upload: Upload, part: Part, abortSignal: AbortSignal) {
  const command = new UploadPartCopyCommand({
    ...targetOf(upload),
    UploadId: upload.id,
    PartNumber: part.number,
    CopySource: copySourceOf(source),
    CopySourceIfMatch: `"${etag}"`,
    CopySourceRange: `bytes=${part.from}-${part.to - 1}`,
  });
  const { CopyPartResult } = await s3Client().send(command, { abortSignal });
  return CopyPartResult?.ETag ?? '';
}

/** Copies the missing parts, and returns the ETags of all parts. */
async function copyParts(order: PartsOrder, upload: Upload, sizes: PartSizes, signal: AbortSignal) {
  const plan = planParts(order.bytes, sizes.partBytes);
  const etags = new Map<number, string>();
  const found = await partsOfOwn(upload, signal);
  for (const { number, from, to } of plan) {
    const part = found.get(number);
    if (part?.bytes === to - from) etags.set(number, part.etag);
  }
  const missing = plan.filter(({ number }) => !etags.has(number));
  await inLanes(missing, sizes.partsInProgress, async (part) => {
    etags.set(part.number, await copyPart(order, upload, part, signal));
  });
  return plan.map(({ number }) => ({ PartNumber: number, ETag: etags.get(number) ?? '' }));
}

async function complete(
  order: PartsOrder,
  upload: Upload,
  Parts: { ETag: string }[],
  abortSignal: AbortSignal,
) {
  const { checksum, bytes, condition } = order;
  const command = new CompleteMultipartUploadCommand({
    ...targetOf(upload),
    UploadId: upload.id,
    MultipartUpload: { Parts },
    MpuObjectSize: bytes,
    // S3 refuses to complete the upload if its checksum differs from that of the source.
    ...(checksum?.algorithm === upload.algorithm && {
      ChecksumType: 'FULL_OBJECT',
      [`Checksum${upload.algorithm}`]: checksum.value,
    }),
    ...condition,
  });
  return unquoted((await s3Client().send(command, { abortSignal })).ETag);
}

async function abort(upload: Upload): Promise<void> {
  const command = new AbortMultipartUploadCommand({ ...targetOf(upload), UploadId: upload.id });
  // The first error is the one to report. The bucket's lifecycle rule removes what this call cannot.
  await s3Client()
    .send(command)
    .catch(() => {});
}

/**
 * Copies an object of any size as a multipart upload, several parts at a time. Resumes our own unfinished upload for the
 * same copy. Resolves with the ETag.
 */
export async function copyInParts(order: PartsOrder, sizes: PartSizes, signal: AbortSignal): Promise<string> {
  const fingerprint = fingerprintOf(order, sizes);
  const uploads = await listUploads(order.target, signal);
  const upload = await openUpload(order, uploads, fingerprint, signal);
  try {
    const parts = await copyParts(order, upload, sizes, signal);
    if (uploads.some(({ id }) => id !== upload.id)) await abortStrays(upload, ownInitiator, signal);
    return await complete(order, upload, parts, signal);
  } catch (error) {
    // After this conflict, S3 requires a new upload.
    const isSpent = (error as Error | undefined)?.name === 'ConditionalRequestConflict';
    if (isSpent || !order.isRetryable(error)) await abort(upload);
    throw error;
  }
}
