import type { S3Core } from '../core.ts';
import { checksumMember } from '../payload/checksums.ts';
import { shownEncryption } from '../rules/encryption.ts';
import { shownLock } from '../rules/object-lock.ts';
import { shownRestore } from '../rules/restore.ts';
import { shownVersionId } from '../rules/versions.ts';
import type { Bucket } from '../store/buckets.ts';
import { type ObjectVersion, tagsOf } from '../store/version.ts';

const DEFAULT_CONTENT_TYPE = 'binary/octet-stream';

/** The members that Get and Head answer about a version, its range aside. */
export function describeVersion(s3: S3Core, bucket: Bucket, version: ObjectVersion) {
  const { facts } = version;
  const { Expires: _, ...headers } = facts.headers ?? {};
  const tagCount = tagsOf(version).length;
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(version.lastModified),
    ETag: `"${version.etag}"`,
    VersionId: shownVersionId(bucket, version),
    ContentType: DEFAULT_CONTENT_TYPE,
    ...headers,
    ...(facts.storageClass !== undefined && { StorageClass: storageClassOf(facts.storageClass) }),
    ...(tagCount > 0 && { TagCount: tagCount }),
    ...(facts.replication && { ReplicationStatus: facts.replication }),
    ...shownEncryption(facts),
    ...shownLock(facts),
    ...shownRestore(s3, facts),
  };
}

/** The checksum of a whole version, as `ChecksumMode: ENABLED` asks for it. */
export const describeChecksum = ({ facts: { checksum } }: ObjectVersion) =>
  checksum && { [checksumMember(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type };

const storageClassOf = (name: string) => name as 'GLACIER';
