import { createHash } from 'node:crypto';
import type { CompletedPart, CompleteMultipartUploadOutput } from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/aws-error.ts';
import { bucketOf, nowSeconds, type S3Action, type S3Core, type S3Input } from '../core.ts';
import {
  badDigest,
  conditionalRequestConflict,
  invalidPart,
  invalidPartOrder,
  invalidRequest,
  noParts,
  partChecksumMissing,
  partDigestMismatch,
  partTooSmall,
} from '../errors.ts';
import {
  CHECKSUM_ALGORITHMS,
  checksumMember,
  checksumOf,
  createDigest,
  toBase64,
} from '../payload/checksums.ts';
import { replicateNew } from '../replication/replicate.ts';
import { checkWriteConditions, checkWriteHeaders } from '../rules/conditions.ts';
import { describeEncryption } from '../rules/encryption.ts';
import type { ObjectFacts, StoredChecksum } from '../store/facts.ts';
import type { MultipartUpload, UploadedPart } from '../store/uploads.ts';
import { findUpload } from './upload-part.ts';

type CompleteInput = S3Input<'CompleteMultipartUpload'>;
type Answer = Omit<CompleteMultipartUploadOutput, '$metadata'>;

/** How long a repeated CompleteMultipartUpload gets the answer of the first one. */
const COMPLETION_KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * A call with the same parts as a completed upload gets the same answer, because the first answer may be lost. It
 * changes nothing, even if the key was overwritten or deleted meanwhile.
 */
export const completeMultipartUpload =
  (s3: S3Core): S3Action<'CompleteMultipartUpload'> =>
  async (input, { request }) => {
    const upload = findOpenUpload(s3, input);
    if (!('plan' in upload)) return upload;
    checkWriteHeaders(input);
    const parts = chosenParts(s3, upload, input);
    const unpin = s3.bodies.pin(parts);
    try {
      const checksum = await uploadChecksum(s3, upload, parts);
      checkDeclared(input, checksum, sizeOf(parts));
      const host = request.headers['host'] ?? 'localhost';
      return commit(s3, input, host, parts, checksum);
    } finally {
      unpin();
    }
  };

/** The upload that a request names, or the answer with which it was completed. Throws NoSuchUpload. */
function findOpenUpload(s3: S3Core, input: CompleteInput): MultipartUpload | Answer {
  try {
    return findUpload(s3, input);
  } catch (error) {
    const answer = error instanceof AwsError && error.code === 'NoSuchUpload' && earlierAnswer(s3, input);
    if (!answer) throw error;
    return answer;
  }
}

function earlierAnswer(s3: S3Core, input: CompleteInput): Answer | undefined {
  const { id } = bucketOf(s3, input);
  const after = s3.clock.now() - COMPLETION_KEPT_MS;
  const completion = s3.uploads.completion(id, input.Key ?? '', input.UploadId ?? '', after);
  return completion?.parts === partList(input) ? JSON.parse(completion.answer) : undefined;
}

/** The parts that a request lists, as text that can be compared. */
const partList = ({ MultipartUpload: { Parts: parts = [] } = {} }: CompleteInput): string =>
  parts.map(({ PartNumber: number, ETag: etag }) => `${number}:${unquoted(etag)}`).join();

const unquoted = (etag = '') => etag.replaceAll('"', '');

/** The uploaded parts that the request lists, after checking the list. */
function chosenParts(s3: S3Core, upload: MultipartUpload, input: CompleteInput): UploadedPart[] {
  const listed = input.MultipartUpload?.Parts ?? [];
  if (listed.length === 0) throw noParts();
  const uploaded = new Map(s3.uploads.parts(upload).map((part) => [part.number, part]));
  const parts = listed.map((wanted, index) => {
    if (index > 0 && (wanted.PartNumber ?? 0) <= (listed[index - 1]?.PartNumber ?? 0))
      throw invalidPartOrder(upload.id);
    const part = uploaded.get(wanted.PartNumber ?? 0);
    if (!part || unquoted(wanted.ETag) !== part.etag)
      throw invalidPart(upload.id, wanted.PartNumber ?? 0, wanted.ETag ?? '');
    checkPartChecksum(upload, part, wanted);
    return part;
  });
  for (const { size, number } of parts.slice(0, -1))
    if (size < s3.limits.minPartBytes) throw partTooSmall(size, s3.limits.minPartBytes, number);
  return parts;
}

/** A composite checksum needs the checksums of all parts in the request; otherwise they are optional. */
function checkPartChecksum({ id, plan }: MultipartUpload, part: UploadedPart, wanted: CompletedPart): void {
  const { algorithm, checksumType, isChecksumNamed } = plan;
  const declared = wanted[checksumMember(algorithm)];
  if (declared !== undefined && declared !== part.checksum)
    throw invalidPart(id, part.number, wanted.ETag ?? '');
  if (declared !== undefined || checksumType !== 'COMPOSITE' || !isChecksumNamed) return;
  const other = CHECKSUM_ALGORITHMS.find((name) => wanted[checksumMember(name)] !== undefined);
  throw other
    ? partDigestMismatch(other.toLowerCase(), part.number)
    : partChecksumMissing(algorithm.toLowerCase(), part.number);
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
  const other = CHECKSUM_ALGORITHMS.find(
    (name) => name !== checksum.algorithm && input[checksumMember(name)] !== undefined,
  );
  if (other) throw badDigest(other.toLowerCase(), input[checksumMember(other)] ?? '', checksum.value);
  const declared = input[checksumMember(checksum.algorithm)];
  if (
    declared !== undefined &&
    declared !== checksum.value &&
    `${declared}-${input.MultipartUpload?.Parts?.length}` !== checksum.value
  )
    throw badDigest(checksum.algorithm.toLowerCase(), declared, checksum.value);
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
  host: string,
  parts: readonly UploadedPart[],
  checksum: StoredChecksum,
): Answer {
  const etag = etagOf(parts);
  return s3.database.transaction(() => {
    const bucket = bucketOf(s3, input);
    const upload = findUpload(s3, input);
    const { key, plan } = upload;
    checkConditions(s3, upload, input);
    const facts: ObjectFacts = {
      ...plan.facts,
      checksum,
      parts: parts.map((part) => ({ size: part.size, checksum: part.checksum })),
      segments: parts.map(({ body, size }) => ({ body, size })),
    };
    const lastModified = nowSeconds(s3);
    const object = { key, tags: plan.tags, lastModified, size: sizeOf(parts), etag, body: null, facts };
    const versionId = s3.objects.put(bucket, object);
    const answer: Answer = {
      Location: `http://${host}/${bucket.name}/${encodeURIComponent(key)}`,
      Bucket: bucket.name,
      Key: key,
      ETag: `"${etag}"`,
      [checksumMember(checksum.algorithm)]: checksum.value,
      ChecksumType: checksum.type,
      VersionId: bucket.settings.versioning === undefined ? undefined : versionId,
      ...describeEncryption(plan.facts),
    };
    const completed = s3.clock.now();
    s3.uploads.complete(upload, { parts: partList(input), completed, answer: JSON.stringify(answer) });
    s3.uploads.forgetCompletions(completed - COMPLETION_KEPT_MS);
    replicateNew(s3, bucket, key);
    return answer;
  });
}

/** As for every write. Besides, a write or delete of the key during the upload conflicts with a condition. */
function checkConditions(s3: S3Core, upload: MultipartUpload, input: CompleteInput): void {
  const { key } = upload;
  checkWriteConditions(key, s3.objects.current(upload.bucket, key), input);
  const condition = input.IfNoneMatch ? 'If-None-Match' : input.IfMatch ? 'If-Match' : undefined;
  if (condition && s3.uploads.hasConflict(upload)) throw conditionalRequestConflict(condition, key);
}
