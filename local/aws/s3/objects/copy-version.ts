import { bucketOf, nowSeconds, type S3Core, type S3Input } from '../core.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import { type ChecksumAlgorithm, DEFAULT_ALGORITHM, isChecksumAlgorithm } from '../payload/checksums.ts';
import { replicateNew } from '../replication/replicate.ts';
import { checkWriteConditions, checkWriteHeaders } from '../rules/conditions.ts';
import { type CopySource, findCopySource } from '../rules/copy-source.ts';
import { keptHeaders } from '../rules/headers.ts';
import { newKey } from '../rules/keys.ts';
import { newFacts } from '../rules/new-facts.ts';
import { storedTags, tagsFromHeader } from '../rules/tags.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectFacts } from '../store/facts.ts';
import type { ObjectVersion } from '../store/version.ts';
import type { CopyDigests } from './copy-digests.ts';

type CopyInput = S3Input<'CopyObject'>;

/** A copy that passed all checks, without the properties that depend on its bytes. */
export interface PreparedCopy {
  input: CopyInput;
  bucket: Bucket;
  sourceBucket: Bucket;
  source: ObjectVersion;
  key: string;
  tags: string | null;
  /** Each property is copied from the source or replaced, as the directives say. */
  facts: ObjectFacts;
  algorithm: ChecksumAlgorithm;
}

/** Checks a copy before any byte is read. `headers` are those of the response; `expires` is the request header as sent. */
export function prepareCopy(
  s3: S3Core,
  input: CopyInput,
  headers: Record<string, string>,
  expires?: string,
): PreparedCopy {
  const bucket = bucketOf(s3, input);
  checkWriteHeaders(input);
  const found = findCopySource(s3, input, headers);
  const { bucket: sourceBucket, version: source } = found;
  checkCopySize(s3, source.size);
  refuseUnchangedCopy(bucket, found, input);
  const replacesTags = isReplace(input.TaggingDirective, 'tagging');
  const kept = isReplace(input.MetadataDirective, 'metadata')
    ? keptHeaders(input, expires)
    : copiedHeaders(source, input.WebsiteRedirectLocation);
  const { segments } = source.facts;
  return {
    input,
    bucket,
    sourceBucket,
    source,
    key: newKey(input.Key),
    tags: replacesTags ? storedTags(tagsFromHeader(input.Tagging)) : source.tags,
    facts: { ...kept, ...newFacts(s3, bucket, input), ...(segments && { segments }) },
    algorithm: checksumAlgorithm(input, source),
  };
}

/** Creates the copy as one row that shares the body of the source. The caller must have pinned the body. */
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

/** Throws InvalidRequest if a source is too large for one call. */
export function checkCopySize({ limits }: S3Core, sizeBytes: number): void {
  if (sizeBytes > limits.maxUploadBytes)
    throw invalidRequest(
      `The specified copy source is larger than the maximum allowable size for a copy source: ${limits.maxUploadBytes}`,
    );
}

/** The headers of the source, except the website redirect, which S3 never copies. */
function copiedHeaders({ facts: { headers = {} } }: ObjectVersion, redirect: string | undefined) {
  const { WebsiteRedirectLocation: _, ...copied } = headers;
  return { headers: redirect === undefined ? copied : { ...copied, WebsiteRedirectLocation: redirect } };
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

/**
 * Throws InvalidRequest for a copy of an object onto itself that changes nothing. S3 accepts it when the source has a
 * version id, or when the bucket has an encryption setting of its own.
 */
function refuseUnchangedCopy(bucket: Bucket, { version, isVersionNamed }: CopySource, input: CopyInput) {
  const isSelf = version.bucket === bucket.id && version.key === input.Key;
  const changes =
    isVersionNamed ||
    bucket.settings.encryption !== undefined ||
    version.facts.restore !== undefined ||
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
