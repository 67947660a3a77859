import type { ReplicationRule } from '@aws-sdk/client-s3';
import type { S3Core } from '../core.ts';
import { kmsKeyArn } from '../rules/encryption.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectFacts } from '../store/facts.ts';
import type { ObjectVersion } from '../store/objects.ts';
import { rulesFor } from './rules.ts';

/**
 * Copies a version to where its bucket's rules say and notes on it how that went; undefined when no rule is for it.
 * In the caller's transaction and at once: the status PENDING is never seen here.
 */
export function replicate(
  s3: S3Core,
  bucket: Bucket,
  version: ObjectVersion,
): 'COMPLETED' | 'FAILED' | undefined {
  const rules = rulesFor(bucket.settings.replication, version);
  if (rules.length === 0) return undefined;
  const outcomes = rules.map((rule) => copyByRule(s3, rule, version));
  const status = outcomes.every((done) => done) ? 'COMPLETED' : 'FAILED';
  if (!version.isDeleteMarker) s3.objects.changeFacts(version, { ...version.facts, replication: status });
  return status;
}

/** Replicates what a write has just made the current version of a key. */
export function replicateNew(s3: S3Core, bucket: Bucket, key: string): void {
  if (!bucket.settings.replication) return;
  const version = s3.objects.current(bucket.id, key);
  if (version) replicate(s3, bucket, version);
}

const bucketName = (arn: string | undefined) => (arn ?? '').split(':').at(-1) ?? '';

/** Whether the destination could take the replica: it must be there and keep versions. */
function copyByRule(
  s3: S3Core,
  { Destination: destination }: ReplicationRule,
  version: ObjectVersion,
): boolean {
  const bucket = s3.buckets.get(bucketName(destination?.Bucket));
  if (bucket?.settings.versioning !== 'Enabled') return false;
  const { key, lastModified, versionId } = version;
  if (version.isDeleteMarker) s3.objects.putDeleteMarker(bucket, key, lastModified, versionId);
  else s3.objects.put(bucket, { ...version, facts: replicaFacts(destination, version) }, versionId);
  return true;
}

function replicaFacts(destination: ReplicationRule['Destination'], { facts }: ObjectVersion): ObjectFacts {
  const { StorageClass: storageClass = facts.storageClass, EncryptionConfiguration: encryption } =
    destination ?? {};
  const { restore: _, ...carried } = facts;
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
