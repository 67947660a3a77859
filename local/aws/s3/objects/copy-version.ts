import { bucketOf, nowSeconds, type S3Core, type S3Input } from '../core.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import { type ChecksumAlgorithm, DEFAULT_ALGORITHM, isChecksumAlgorithm } from '../payload/checksums.ts';
import { replicateNew } from '../replication/replicate.ts';
import { checkWriteConditions } from '../rules/conditions.ts';
import { findCopySource } from '../rules/copy-source.ts';
import { keptHeaders } from '../rules/headers.ts';
import { newKey } from '../rules/keys.ts';
import { newPlacement } from '../rules/new-object.ts';
import { storedTags, tagsFromHeader } from '../rules/tags.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectFacts } from '../store/facts.ts';
import type { ObjectVersion } from '../store/version.ts';
import type { CopyDigests } from './checksum.ts';

type CopyInput = S3Input<'CopyObject'>;

/** A copy that may be made: all that it will be, but for what only its bytes tell. */
export interface PreparedCopy {
  input: CopyInput;
  bucket: Bucket;
  sourceBucket: Bucket;
  source: ObjectVersion;
  key: string;
  tags: string | null;
  /** Each property carried over or replaced as directed. */
  facts: ObjectFacts;
  algorithm: ChecksumAlgorithm;
}

/** Checks a copy before a byte is read. `headers` are those of the answer, `expires` the request's as it was sent. */
export function prepareCopy(
  s3: S3Core,
  input: CopyInput,
  headers: Record<string, string>,
  expires?: string,
): PreparedCopy {
  const bucket = bucketOf(s3, input);
  const { bucket: sourceBucket, version: source } = findCopySource(s3, input, headers);
  checkCopySize(s3, source.size);
  refuseIdleCopy(bucket, source, input);
  const replacesTags = isReplace(input.TaggingDirective, 'tagging');
  const kept = isReplace(input.MetadataDirective, 'metadata')
    ? keptHeaders(input, expires)
    : carriedHeaders(source, input.WebsiteRedirectLocation);
  const { segments } = source.facts;
  return {
    input,
    bucket,
    sourceBucket,
    source,
    key: newKey(input.Key),
    tags: replacesTags ? storedTags(tagsFromHeader(input.Tagging)) : source.tags,
    facts: { ...kept, ...newPlacement(s3, bucket, input), ...(segments && { segments }) },
    algorithm: checksumAlgorithm(input, source),
  };
}

/** Makes the copy by sharing the source's body, so that one of any size costs one row. Its bodies must be pinned. */
export function commitCopy(
  s3: S3Core,
  { input, bucket: { name }, source: { size, body }, key, tags, facts }: PreparedCopy,
  { etag, checksum }: CopyDigests,
): { versionId: string; lastModified: number } {
  return s3.database.transaction(() => {
    const bucket = s3.buckets.require(name);
    checkWriteConditions(key, s3.objects.current(bucket.id, key), input);
    const lastModified = nowSeconds(s3);
    const copy = { key, lastModified, size, etag, body, tags, facts: { ...facts, checksum } };
    const versionId = s3.objects.put(bucket, copy);
    replicateNew(s3, bucket, key);
    return { versionId, lastModified };
  });
}

/** Refuses to copy more at once than one call may carry. */
export function checkCopySize({ limits }: S3Core, sizeBytes: number): void {
  if (sizeBytes > limits.maxUploadBytes)
    throw invalidRequest(
      `The specified copy source is larger than the maximum allowable size for a copy source: ${limits.maxUploadBytes}`,
    );
}

/** Everything but the website redirect, which belongs to the one object. */
function carriedHeaders({ facts: { headers = {} } }: ObjectVersion, redirect: string | undefined) {
  const { WebsiteRedirectLocation: _, ...carried } = headers;
  return { headers: redirect === undefined ? carried : { ...carried, WebsiteRedirectLocation: redirect } };
}

function isReplace(directive: string | undefined, what: 'metadata' | 'tagging'): boolean {
  if (directive !== undefined && directive !== 'COPY' && directive !== 'REPLACE')
    throw invalidArgument(`Unknown ${what} directive.`, `x-amz-${what}-directive`, directive);
  return directive === 'REPLACE';
}

function checksumAlgorithm(
  { ChecksumAlgorithm: wanted }: CopyInput,
  { facts }: ObjectVersion,
): ChecksumAlgorithm {
  if (wanted === undefined) return facts.checksum?.algorithm ?? DEFAULT_ALGORITHM;
  if (!isChecksumAlgorithm(wanted))
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types',
    );
  return wanted;
}

/** A copy of the current version onto itself must change something. */
function refuseIdleCopy(bucket: Bucket, source: ObjectVersion, input: CopyInput) {
  const isSelf = source.bucket === bucket.id && source.key === input.Key && source.isLatest;
  const changes =
    input.MetadataDirective === 'REPLACE' ||
    input.TaggingDirective === 'REPLACE' ||
    [
      input.StorageClass,
      input.ServerSideEncryption,
      input.SSECustomerAlgorithm,
      input.WebsiteRedirectLocation,
      input.ChecksumAlgorithm,
      input.ObjectLockMode,
      input.ObjectLockLegalHoldStatus,
    ].some((value) => value !== undefined);
  if (isSelf && !changes)
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
}
