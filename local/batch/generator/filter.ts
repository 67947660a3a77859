import type {
  JobManifestGeneratorFilter,
  KeyNameConstraint,
  ObjectEncryptionFilter,
  ReplicationStatus,
  S3StorageClass,
} from '@aws-sdk/client-s3-control';
import type { ListedObject } from '../object-store.ts';

export type Matches = (object: ListedObject) => boolean;

/** Returns a function that checks whether an object passes every given filter. */
export function createFilter(filter: JobManifestGeneratorFilter = {}): Matches {
  const filters = [
    when(filter.KeyNameConstraint, nameMatches),
    when(
      filter.CreatedAfter,
      (time) =>
        ({ lastModifiedMs }) =>
          lastModifiedMs > time.getTime(),
    ),
    when(
      filter.CreatedBefore,
      (time) =>
        ({ lastModifiedMs }) =>
          lastModifiedMs < time.getTime(),
    ),
    when(
      filter.ObjectSizeGreaterThanBytes,
      (bytes) =>
        ({ size }) =>
          size > bytes,
    ),
    when(
      filter.ObjectSizeLessThanBytes,
      (bytes) =>
        ({ size }) =>
          size < bytes,
    ),
    when(filter.MatchAnyStorageClass, storageClassMatches),
    when(filter.MatchAnyObjectEncryption, encryptionMatches),
    when(filter.ObjectReplicationStatuses, replicationStatusMatches),
    // False selects nothing: it does not select the objects that are not eligible.
    when(filter.EligibleForReplication || undefined, () => (object) => object.isEligibleForReplication),
  ].filter((matches) => matches !== undefined);
  return (object) => filters.every((matches) => matches(object));
}

const when = <T>(value: T | undefined, make: (value: T) => Matches): Matches | undefined =>
  value === undefined ? undefined : make(value);

function nameMatches({ MatchAnyPrefix, MatchAnySuffix, MatchAnySubstring }: KeyNameConstraint): Matches {
  return ({ key }) =>
    (MatchAnyPrefix?.some((prefix) => key.startsWith(prefix)) ?? true) &&
    (MatchAnySuffix?.some((suffix) => key.endsWith(suffix)) ?? true) &&
    (MatchAnySubstring?.some((part) => key.includes(part)) ?? true);
}

const storageClassMatches =
  (classes: readonly S3StorageClass[]): Matches =>
  ({ storageClass }) =>
    classes.some((each) => each === storageClass);

const replicationStatusMatches =
  (statuses: readonly ReplicationStatus[]): Matches =>
  ({ replicationStatus = 'NONE' }) =>
    statuses.some((each) => each === replicationStatus);

const encryptionMatches =
  (filters: readonly ObjectEncryptionFilter[]): Matches =>
  (object) =>
    filters.some((filter) => isEncryptedAs(filter, object));

function isEncryptedAs(filter: ObjectEncryptionFilter, object: ListedObject): boolean {
  const { encryption, kmsKeyArn, bucketKeyEnabled } = object;
  const hasKey = (key?: string) => key === undefined || key === kmsKeyArn;
  if (filter.SSES3) return encryption === 'AES256';
  if (filter.SSEC) return encryption === 'SSE-C';
  if (filter.NOTSSE) return encryption === undefined;
  if (filter.DSSEKMS) return encryption === 'aws:kms:dsse' && hasKey(filter.DSSEKMS.KmsKeyArn);
  const { KmsKeyArn, BucketKeyEnabled = bucketKeyEnabled } = filter.SSEKMS ?? {};
  return encryption === 'aws:kms' && hasKey(KmsKeyArn) && BucketKeyEnabled === bucketKeyEnabled;
}
