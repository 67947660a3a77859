import type { ReplicationRule } from '@aws-sdk/client-s3';
import type { S3Core } from '../core.ts';
import { kmsKeyArn } from '../rules/encryption.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectFacts } from '../store/facts.ts';
import type { ObjectVersion } from '../store/version.ts';

/** Stores the replica of a version, with the same version id, in a bucket. Updates the replica if it exists. */
export function storeReplica(
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

/** Version ids are unique except `null`, so two versions with that id can be different objects. */
const isSameObject = (replica: ObjectVersion, { isDeleteMarker, etag, size }: ObjectVersion): boolean =>
  replica.isDeleteMarker === isDeleteMarker && replica.etag === etag && replica.size === size;

/** Keeps the versions that are newer at the source also newer at the destination. */
function raiseNewer({ objects }: S3Core, bucket: Bucket, version: ObjectVersion): void {
  for (const id of objects.newerIds(version)) {
    const newer = objects.version(bucket.id, version.key, id);
    if (newer) objects.makeCurrent(newer);
  }
}

function replicaFacts(destination: ReplicationRule['Destination'], { facts }: ObjectVersion): ObjectFacts {
  const { StorageClass: storageClass = facts.storageClass, EncryptionConfiguration: encryption } =
    destination ?? {};
  const { restore: _, replicatedTo: __, ...copied } = facts;
  return {
    ...copied,
    replication: 'REPLICA',
    ...(storageClass !== undefined && { storageClass }),
    ...(facts.encryption &&
      encryption?.ReplicaKmsKeyID !== undefined && {
        encryption: { ...facts.encryption, keyId: kmsKeyArn(encryption.ReplicaKmsKeyID) },
      }),
  };
}

/** The facts that belong to the replica only. */
const keptFacts = (replica: ObjectVersion | undefined): ObjectFacts => {
  const { restore, replicatedTo } = replica?.facts ?? {};
  return { ...(restore && { restore }), ...(replicatedTo && { replicatedTo }) };
};
