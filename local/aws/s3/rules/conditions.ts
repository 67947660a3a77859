import type { S3Core } from '../core.ts';
import { noSuchKey, notImplementedHeader, notModified, preconditionFailed } from '../errors.ts';
import type { ObjectVersion } from '../store/version.ts';

interface ReadConditions {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
  IfModifiedSince?: Date | undefined;
  IfUnmodifiedSince?: Date | undefined;
}

/** Whether a condition lists an ETag: `*`, or ETags with or without quotes, separated by commas. */
const matches = (condition: string, etag: string) =>
  condition
    .split(',')
    .some((one) => one.trim() === '*' || one.trim().replace(/^(?:W\/)?"?|"$/g, '') === etag);

/**
 * The first condition that does not hold, in the order of RFC 9110. A condition on the ETag overrides one on the date.
 * S3 ignores If-Modified-Since with a future date.
 */
function failedCondition(
  { clock }: S3Core,
  { etag, lastModified }: ObjectVersion,
  conditions: ReadConditions,
) {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined && !matches(IfMatch, etag)) return 'If-Match';
  if (IfMatch === undefined && IfUnmodifiedSince && lastModified > IfUnmodifiedSince.getTime())
    return 'If-Unmodified-Since';
  if (IfNoneMatch !== undefined) return matches(IfNoneMatch, etag) ? 'If-None-Match' : undefined;
  const since = IfModifiedSince?.getTime();
  const isUnmodified = since !== undefined && since <= clock.now() && lastModified <= since;
  return isUnmodified ? 'If-Modified-Since' : undefined;
}

/** Checks the conditions of GetObject and HeadObject: 412, or 304 with the ETag in `headers` if the caller has the object. */
export function checkReadConditions(
  s3: S3Core,
  version: ObjectVersion,
  conditions: ReadConditions,
  headers: Record<string, string>,
): void {
  const failed = failedCondition(s3, version, conditions);
  if (failed === undefined) return;
  if (failed !== 'If-None-Match' && failed !== 'If-Modified-Since') throw preconditionFailed(failed);
  headers['etag'] = `"${version.etag}"`;
  headers['last-modified'] = new Date(version.lastModified).toUTCString();
  throw notModified();
}

/** Checks the conditions on the source of a copy. Each failure is 412. */
export function checkCopySourceConditions(
  s3: S3Core,
  version: ObjectVersion,
  input: {
    CopySourceIfMatch?: string | undefined;
    CopySourceIfNoneMatch?: string | undefined;
    CopySourceIfModifiedSince?: Date | undefined;
    CopySourceIfUnmodifiedSince?: Date | undefined;
  },
): void {
  const failed = failedCondition(s3, version, {
    IfMatch: input.CopySourceIfMatch,
    IfNoneMatch: input.CopySourceIfNoneMatch,
    IfModifiedSince: input.CopySourceIfModifiedSince,
    IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  });
  if (failed) throw preconditionFailed(`x-amz-copy-source-${failed}`);
}

export type WriteConditions = Pick<ReadConditions, 'IfMatch' | 'IfNoneMatch'>;

/** Refuses conditions that S3 does not support for writes. */
export function checkWriteHeaders({ IfMatch, IfNoneMatch }: WriteConditions): void {
  if (IfMatch !== undefined && IfNoneMatch !== undefined)
    throw notImplementedHeader(
      'If-Match,If-None-Match',
      'Multiple conditional request headers present in the request',
    );
  const refused =
    IfNoneMatch !== undefined && IfNoneMatch.trim() !== '*'
      ? 'If-None-Match'
      : IfMatch?.trim() === '*'
        ? 'If-Match'
        : undefined;
  if (refused)
    throw notImplementedHeader(
      refused,
      `We don't accept the provided value of ${refused} header for this API`,
    );
}

/** Checks the conditions on the object that a write replaces: `If-None-Match: *` (none) and `If-Match` (its ETag). */
export function checkWriteConditions(
  key: string,
  current: ObjectVersion | undefined,
  { IfMatch, IfNoneMatch }: WriteConditions,
): void {
  const replaced = current?.isDeleteMarker ? undefined : current;
  if (IfNoneMatch !== undefined && replaced) throw preconditionFailed('If-None-Match');
  if (IfMatch === undefined) return;
  if (!replaced) throw noSuchKey(key);
  if (!matches(IfMatch, replaced.etag)) throw preconditionFailed('If-Match');
}
