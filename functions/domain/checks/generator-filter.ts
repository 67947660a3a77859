import type { JobRequest } from '../../core/generated/job-request.mjs';
import { instantOf } from '../request/timestamps.ts';

export type Generator = NonNullable<JobRequest['ManifestGenerator']>['S3JobManifestGenerator'];
type Filter = NonNullable<Generator['Filter']>;

/** An object as a listing of its bucket shows it. */
export interface ListedObject {
  key: string;
  size: number;
  storageClass: string;
  modifiedMs: number;
}

/** The prefix to list, so that the listing is short. */
export const prefixOf = ({ Filter: { KeyNameConstraint } = {} }: Generator): string | undefined =>
  KeyNameConstraint?.MatchAnyPrefix?.[0];

/** Whether a listing shows all that the filter depends on. */
export const isInListing = ({ Filter: filter = {} }: Generator): boolean =>
  !filter.EligibleForReplication && !filter.ObjectReplicationStatuses && !filter.MatchAnyObjectEncryption;

const fitsName = (key: string, { KeyNameConstraint: names = {} }: Filter): boolean =>
  (names.MatchAnyPrefix?.some((prefix) => key.startsWith(prefix)) ?? true) &&
  (names.MatchAnySuffix?.some((suffix) => key.endsWith(suffix)) ?? true) &&
  (names.MatchAnySubstring?.some((part) => key.includes(part)) ?? true);

/** Whether the manifest generator chooses an object, as far as a listing shows it. */
export function isChosen(object: ListedObject, { Filter: filter = {} }: Generator): boolean {
  const { CreatedAfter, CreatedBefore, MatchAnyStorageClass: classes } = filter;
  const { ObjectSizeGreaterThanBytes: above, ObjectSizeLessThanBytes: below } = filter;
  return (
    fitsName(object.key, filter) &&
    (CreatedAfter === undefined || object.modifiedMs > instantOf(CreatedAfter).getTime()) &&
    (CreatedBefore === undefined || object.modifiedMs < instantOf(CreatedBefore).getTime()) &&
    (above === undefined || object.size > above) &&
    (below === undefined || object.size < below) &&
    (classes === undefined || classes.some((name) => name === object.storageClass))
  );
}
