import { createHash } from 'node:crypto';
import type { CompletedPart } from '@aws-sdk/client-s3';
import { bucketOf, nowSeconds, type S3Action, type S3Core, type S3Input } from '../core.ts';
import {
  badDigest,
  invalidPart,
  invalidPartOrder,
  invalidRequest,
  malformedXml,
  partTooSmall,
} from '../errors.ts';
import { checksumMember, checksumOf, createDigest, toBase64 } from '../payload/checksums.ts';
import { replicateNew } from '../replication/replicate.ts';
import { checkWriteConditions } from '../rules/conditions.ts';
import { describeEncryption } from '../rules/encryption.ts';
import type { ObjectFacts, StoredChecksum } from '../store/facts.ts';
import type { MultipartUpload, UploadedPart } from '../store/uploads.ts';
import { findUpload } from './upload-part.ts';

type CompleteInput = S3Input<'CompleteMultipartUpload'>;

export const completeMultipartUpload =
  (s3: S3Core): S3Action<'CompleteMultipartUpload'> =>
  async (input, { request }) => {
    const upload = findUpload(s3, input);
    const { plan, key } = upload;
    const parts = chosenParts(s3, upload, input);
    const unpin = s3.bodies.pin(parts);
    try {
      const checksum = await uploadChecksum(s3, upload, parts);
      checkDeclared(input, checksum, sizeOf(parts));
      const etag = etagOf(parts);
      const { bucket, versionId } = commit(s3, input, parts, etag, checksum);
      return {
        Location: `http://${request.headers['host'] ?? 'localhost'}/${bucket}/${encodeURIComponent(key)}`,
        Bucket: bucket,
        Key: key,
        ETag: `"${etag}"`,
        [checksumMember(checksum.algorithm)]: checksum.value,
        ChecksumType: checksum.type,
        VersionId: versionId,
        ...describeEncryption(plan.facts),
      };
    } finally {
      unpin();
    }
  };

/** The uploaded parts that the request lists, after checking the list. */
function chosenParts(s3: S3Core, upload: MultipartUpload, input: CompleteInput): UploadedPart[] {
  const listed = input.MultipartUpload?.Parts ?? [];
  if (listed.length === 0) throw malformedXml();
  const uploaded = new Map(s3.uploads.parts(upload).map((part) => [part.number, part]));
  const parts = listed.map((wanted, index) => {
    if (index > 0 && (wanted.PartNumber ?? 0) <= (listed[index - 1]?.PartNumber ?? 0))
      throw invalidPartOrder(upload.id);
    const part = uploaded.get(wanted.PartNumber ?? 0);
    if (!part || !matchesPart(upload, part, wanted))
      throw invalidPart(upload.id, wanted.PartNumber ?? 0, wanted.ETag ?? '');
    return part;
  });
  for (const { size, number } of parts.slice(0, -1))
    if (size < s3.limits.minPartBytes) throw partTooSmall(size, s3.limits.minPartBytes, number);
  return parts;
}

function matchesPart({ plan }: MultipartUpload, part: UploadedPart, wanted: CompletedPart): boolean {
  const checksum = wanted[checksumMember(plan.algorithm)];
  return (
    (wanted.ETag ?? '').replaceAll('"', '') === part.etag && (checksum ?? part.checksum) === part.checksum
  );
}

const sizeOf = (parts: readonly UploadedPart[]) => parts.reduce((sum, { size }) => sum + size, 0);

/** The MD5 of the MD5s of the parts, and the number of parts. */
function etagOf(parts: readonly UploadedPart[]): string {
  const md5 = createHash('md5');
  for (const { etag } of parts) md5.update(etag, 'hex');
  return `${md5.digest('hex')}-${parts.length}`;
}

async function uploadChecksum(
  { bodies }: S3Core,
  { plan: { algorithm, checksumType: type } }: MultipartUpload,
  parts: readonly UploadedPart[],
): Promise<StoredChecksum> {
  if (type === 'COMPOSITE') {
    const checksums = parts.map(({ checksum }) => Buffer.from(checksum, 'base64'));
    return { algorithm, type, value: `${await checksumOf(algorithm, ...checksums)}-${parts.length}` };
  }
  const digest = createDigest(algorithm);
  for await (const chunk of bodies.read(parts, 0, sizeOf(parts))) digest.update(chunk);
  return { algorithm, type, value: toBase64(await digest.digest()) };
}

/** Compares the checksum and size that the request declares for the whole object with the computed ones. */
function checkDeclared(input: CompleteInput, checksum: StoredChecksum, sizeBytes: number) {
  const declared = input[checksumMember(checksum.algorithm)];
  if (
    declared !== undefined &&
    declared !== checksum.value &&
    `${declared}-${input.MultipartUpload?.Parts?.length}` !== checksum.value
  )
    throw badDigest(checksum.algorithm, declared, checksum.value);
  if (input.ChecksumType !== undefined && input.ChecksumType !== checksum.type)
    throw invalidRequest(
      `The upload was created using the ${checksum.type} checksum type. The complete request must use the same checksum type.`,
    );
  if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== sizeBytes)
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${input.MpuObjectSize} does not match what was computed: ${sizeBytes}`,
    );
}

function commit(
  s3: S3Core,
  input: CompleteInput,
  parts: readonly UploadedPart[],
  etag: string,
  checksum: StoredChecksum,
) {
  return s3.database.transaction(() => {
    const bucket = bucketOf(s3, input);
    const upload = findUpload(s3, input);
    const { key, plan } = upload;
    checkWriteConditions(key, s3.objects.current(bucket.id, key), input);
    const facts: ObjectFacts = {
      ...plan.facts,
      checksum,
      parts: parts.map((part) => ({ size: part.size, checksum: part.checksum })),
      segments: parts.map(({ body, size }) => ({ body, size })),
    };
    const versionId = s3.objects.put(bucket, {
      key,
      tags: plan.tags,
      lastModified: nowSeconds(s3),
      size: sizeOf(parts),
      etag,
      body: null,
      facts,
    });
    s3.uploads.remove(upload);
    replicateNew(s3, bucket, key);
    return {
      bucket: bucket.name,
      versionId: bucket.settings.versioning === undefined ? undefined : versionId,
    };
  });
}
