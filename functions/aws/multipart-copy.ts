import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { s3Client } from './clients.ts';
import { inLanes } from './lanes.ts';
import { copySourceOf, type ObjectVersion, targetOf } from './object-target.ts';
import { unquoted } from './object-traits.ts';
import {
  abortStrays,
  findMarked,
  listParts,
  listUploads,
  markUpload,
  type Upload,
} from './unfinished-uploads.ts';
import { isWholeAlgorithm, type WholeAlgorithm } from './whole-checksums.ts';

export interface PartsOrder {
  source: ObjectVersion;
  /** Of the source: no part is taken from another version. */
  etag: string;
  bytes: number;
  /** Of the source, of all bytes. */
  checksum: { algorithm: string; value: string } | undefined;
  target: { bucket: string; key: string };
  /** What the copy gets beside the bytes. */
  members: Partial<CreateMultipartUploadCommandInput>;
  condition: Pick<CompleteMultipartUploadCommandInput, 'IfMatch' | 'IfNoneMatch'>;
  /** Whether the parts stay for a later try after this error; else the upload is aborted. */
  isPassing: (error: unknown) => boolean;
}

export interface PartSizes {
  partBytes: number;
  partsInFlight: number;
}

export interface Part {
  number: number;
  from: number;
  /** Not in it. */
  to: number;
}

/** Number 10,000 is kept for the mark of the upload. */
export const MAX_PARTS = 9_999;

/** Cuts an object into equal parts, but for the last one: a multiple of the size, when there would be too many. */
export function planParts(bytes: number, partBytes: number): Part[] {
  const step = partBytes * Math.ceil(bytes / (partBytes * MAX_PARTS));
  return Array.from({ length: Math.ceil(bytes / step) }, (_, index) => ({
    number: index + 1,
    from: index * step,
    to: Math.min(bytes, (index + 1) * step),
  }));
}

/** Stands for all that the copy is to be: an upload of another version, or for other arguments, is another one. */
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

/** That of the source, where S3 can tell it of the whole copy as well. */
const algorithmOf = ({ checksum }: PartsOrder): WholeAlgorithm =>
  isWholeAlgorithm(checksum?.algorithm) ? checksum.algorithm : 'CRC64NVME';

async function startUpload(order: PartsOrder, fingerprint: string, abortSignal: AbortSignal) {
  const { target, members } = order;
  const algorithm = algorithmOf(order);
  const command = new CreateMultipartUploadCommand({
    ...members,
    ...targetOf(target),
    ChecksumAlgorithm: algorithm,
    ChecksumType: 'FULL_OBJECT',
  });
  const { UploadId: id = '' } = await s3Client().send(command, { abortSignal });
  const upload = { ...target, id, algorithm };
  await markUpload(upload, fingerprint, abortSignal);
  return upload;
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

/** Copies the parts that are not there yet, and returns the ETags of all. */
async function copyParts(order: PartsOrder, upload: Upload, sizes: PartSizes, signal: AbortSignal) {
  const plan = planParts(order.bytes, sizes.partBytes);
  const etags = new Map<number, string>();
  const found = await listParts(upload, signal);
  for (const { number, from, to } of plan) {
    const part = found.get(number);
    if (part?.bytes === to - from) etags.set(number, part.etag);
  }
  const missing = plan.filter(({ number }) => !etags.has(number));
  await inLanes(missing, sizes.partsInFlight, async (part) => {
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
    // S3 refuses what does not come to the checksum of the source.
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
  // What went wrong before is the news; what is left is for the bucket's lifecycle rule.
  await s3Client()
    .send(command)
    .catch(() => {});
}

/**
 * Copies an object of any size as a multipart upload, several parts at a time. An unfinished upload of the very same
 * order is gone on with. Resolves with the ETag. S3's exceptions pass as they are.
 */
export async function copyInParts(order: PartsOrder, sizes: PartSizes, signal: AbortSignal): Promise<string> {
  const fingerprint = fingerprintOf(order, sizes);
  const uploads = await listUploads(order.target, signal);
  const upload =
    (await findMarked(uploads, fingerprint, signal)) ?? (await startUpload(order, fingerprint, signal));
  try {
    const parts = await copyParts(order, upload, sizes, signal);
    if (uploads.some(({ id }) => id !== upload.id)) await abortStrays(upload, signal);
    return await complete(order, upload, parts, signal);
  } catch (error) {
    // After a conflict S3 wants a new upload.
    const isSpent = (error as Error | undefined)?.name === 'ConditionalRequestConflict';
    if (isSpent || !order.isPassing(error)) await abort(upload);
    throw error;
  }
}
