import type { ReplicationRule } from '@aws-sdk/client-s3';
import type { S3Core } from '../core.ts';
import { kmsKeyArn } from '../rules/encryption.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectFacts } from '../store/facts.ts';
import type { ObjectVersion } from '../store/version.ts';

/** Gives a bucket the replica of a version, with the version's id, or brings the one that it has up to date. */
export function placeReplica(
  s3: S3Core,
  bucket: Bucket,
  version: ObjectVersion,
  destination: ReplicationRule['Destination'],
): void {
  const { key, versionId, lastModified } = version;
  const present = s3.objects.version(bucket.id, key, versionId);
  const facts = { ...replicaFacts(destination, version), ...keptFacts(present) };
  if (present && isSameObject(present, version)) {
    s3.objects.changeFacts(present, facts);
    s3.objects.tagVersion(present, version.tags);
    return;
  }
  if (version.isDeleteMarker) s3.objects.putDeleteMarker(bucket, key, lastModified, versionId);
  else s3.objects.put(bucket, { ...version, facts }, versionId);
  if (!version.isLatest) raiseNewer(s3, bucket, version);
}

/** Ids are unique but for that of null versions, of which each bucket may have its own. */
const isSameObject = (replica: ObjectVersion, { isDeleteMarker, etag, size }: ObjectVersion): boolean =>
  replica.isDeleteMarker === isDeleteMarker && replica.etag === etag && replica.size === size;

/** What is newer at the source stays newer at the destination. */
function raiseNewer({ objects }: S3Core, bucket: Bucket, version: ObjectVersion): void {
  for (const id of objects.newerIds(version)) {
    const newer = objects.version(bucket.id, version.key, id);
    if (newer) objects.makeCurrent(newer);
  }
}

function replicaFacts(destination: ReplicationRule['Destination'], { facts }: ObjectVersion): ObjectFacts {
  const { StorageClass: storageClass = facts.storageClass, EncryptionConfiguration: encryption } =
    destination ?? {};
  const { restore: _, replicatedTo: __, ...carried } = facts;
  return {
    ...carried,
    replication: 'REPLICA',
    ...(storageClass !== undefined && { storageClass }),
    ...(facts.encryption &&
      encryption?.ReplicaKmsKeyID !== undefined && {
        encryption: { ...facts.encryption, keyId: kmsKeyArn(encryption.ReplicaKmsKeyID) },
      }),
  };
}

/** What belongs to the replica alone. */
const keptFacts = (replica: ObjectVersion | undefined): ObjectFacts => {
  const { restore, replicatedTo } = replica?.facts ?? {};
  return { ...(restore && { restore }), ...(replicatedTo && { replicatedTo }) };
};
