import { bucketOf, nowSeconds, type S3Action, type S3Core, type S3Input } from '../core.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import {
  type ChecksumAlgorithm,
  checksumMember,
  DEFAULT_ALGORITHM,
  isChecksumAlgorithm,
} from '../payload/checksums.ts';
import { replicateNew } from '../replication/replicate.ts';
import { checkWriteConditions } from '../rules/conditions.ts';
import { findCopySource } from '../rules/copy-source.ts';
import { shownEncryption } from '../rules/encryption.ts';
import { keptHeaders } from '../rules/headers.ts';
import { newKey } from '../rules/keys.ts';
import { newPlacement } from '../rules/new-object.ts';
import { storedTags, tagsFromHeader } from '../rules/tags.ts';
import { shownVersionId } from '../rules/versions.ts';
import type { Bucket } from '../store/buckets.ts';
import { type NewVersion, type ObjectVersion, segmentsOf } from '../store/objects.ts';
import { copiedChecksum, copiedEtag } from './checksum.ts';

type CopyInput = S3Input<'CopyObject'>;

/** Copies by sharing the body, so that a copy of any size costs one row. */
export const copyObject =
  (s3: S3Core): S3Action<'CopyObject'> =>
  async (input, { request, response }) => {
    const bucket = bucketOf(s3, input);
    const { bucket: sourceBucket, version: source } = findCopySource(s3, input, response.headers);
    if (source.size > s3.limits.maxUploadBytes)
      throw invalidRequest(
        `The specified copy source is larger than the maximum allowable size for a copy source: ${s3.limits.maxUploadBytes}`,
      );
    refuseIdleCopy(bucket, source, input);
    const unpin = s3.bodies.pin(segmentsOf(source));
    try {
      const copy = await newCopy(s3, bucket, source, input, request.headers['expires']);
      const versionId = s3.database.transaction(() => {
        checkWriteConditions(copy.key, s3.objects.current(bucket.id, copy.key), input);
        const id = s3.objects.put(bucket, copy);
        replicateNew(s3, bucket, copy.key);
        return id;
      });
      return {
        CopyObjectResult: {
          ETag: `"${copy.etag}"`,
          LastModified: new Date(copy.lastModified),
          [checksumMember(copy.checksum.algorithm)]: copy.checksum.value,
          ChecksumType: copy.checksum.type,
        },
        CopySourceVersionId: shownVersionId(sourceBucket, source),
        VersionId: shownVersionId(bucket, { versionId }),
        ...shownEncryption(copy.facts),
      };
    } finally {
      unpin();
    }
  };

/** What the copy will be: the source's bytes, and each property carried over or replaced as directed. */
async function newCopy(
  s3: S3Core,
  bucket: Bucket,
  source: ObjectVersion,
  input: CopyInput,
  expires?: string,
) {
  const replacesTags = isReplace(input.TaggingDirective, 'tagging');
  const headers = isReplace(input.MetadataDirective, 'metadata')
    ? keptHeaders(input, expires)
    : carriedHeaders(source, input.WebsiteRedirectLocation);
  const placement = newPlacement(s3, bucket, input);
  const tags = replacesTags ? storedTags(tagsFromHeader(input.Tagging)) : source.tags;
  const checksum = await copiedChecksum(s3, source, checksumAlgorithm(input, source));
  const { segments } = source.facts;
  return {
    key: newKey(input.Key),
    lastModified: nowSeconds(s3),
    size: source.size,
    etag: await copiedEtag(s3, source),
    body: source.body,
    tags,
    checksum,
    facts: { ...headers, ...placement, checksum, ...(segments && { segments }) },
  } satisfies NewVersion & { checksum: object };
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
