import { noSuchKey, notImplementedHeader, notModified, preconditionFailed } from '../errors.ts';
import type { ObjectVersion } from '../store/version.ts';

interface ReadConditions {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
  IfModifiedSince?: Date | undefined;
  IfUnmodifiedSince?: Date | undefined;
}

/** Whether an ETag is among those of a condition (`*`, quoted or not, several with commas). */
const matches = (condition: string, etag: string) =>
  condition
    .split(',')
    .some((one) => one.trim() === '*' || one.trim().replace(/^(?:W\/)?"?|"$/g, '') === etag);

/** The first condition of RFC 9110 that does not hold; an ETag that matches outweighs a date that does not. */
function failedCondition({ etag, lastModified }: ObjectVersion, conditions: ReadConditions) {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined && !matches(IfMatch, etag)) return 'If-Match';
  if (IfMatch === undefined && IfUnmodifiedSince && lastModified > IfUnmodifiedSince.getTime())
    return 'If-Unmodified-Since';
  if (IfNoneMatch !== undefined) return matches(IfNoneMatch, etag) ? 'If-None-Match' : undefined;
  return IfModifiedSince && lastModified <= IfModifiedSince.getTime() ? 'If-Modified-Since' : undefined;
}

/** Conditions of Get and Head: 412, or 304 when the caller already has the object; `headers` then says which. */
export function checkReadConditions(
  version: ObjectVersion,
  conditions: ReadConditions,
  headers: Record<string, string>,
): void {
  const failed = failedCondition(version, conditions);
  if (failed === undefined) return;
  if (failed !== 'If-None-Match' && failed !== 'If-Modified-Since') throw preconditionFailed(failed);
  headers['etag'] = `"${version.etag}"`;
  headers['last-modified'] = new Date(version.lastModified).toUTCString();
  throw notModified();
}

/** Conditions on the source of a copy: always 412. */
export function checkCopySourceConditions(
  version: ObjectVersion,
  input: {
    CopySourceIfMatch?: string | undefined;
    CopySourceIfNoneMatch?: string | undefined;
    CopySourceIfModifiedSince?: Date | undefined;
    CopySourceIfUnmodifiedSince?: Date | undefined;
  },
): void {
  const failed = failedCondition(version, {
    IfMatch: input.CopySourceIfMatch,
    IfNoneMatch: input.CopySourceIfNoneMatch,
    IfModifiedSince: input.CopySourceIfModifiedSince,
    IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  });
  if (failed) throw preconditionFailed(`x-amz-copy-source-${failed}`);
}

/** Conditions on what a write replaces: `If-None-Match: *` (nothing) and `If-Match` (that ETag). */
export function checkWriteConditions(
  key: string,
  current: ObjectVersion | undefined,
  { IfMatch, IfNoneMatch }: Pick<ReadConditions, 'IfMatch' | 'IfNoneMatch'>,
): void {
  const replaced = current?.isDeleteMarker ? undefined : current;
  if (IfNoneMatch !== undefined && IfNoneMatch.trim() !== '*') throw notImplementedHeader('If-None-Match');
  if (IfNoneMatch !== undefined && replaced) throw preconditionFailed('If-None-Match');
  if (IfMatch === undefined) return;
  if (!replaced) throw noSuchKey(key);
  if (!matches(IfMatch, replaced.etag)) throw preconditionFailed('If-Match');
}
