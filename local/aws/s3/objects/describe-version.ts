import type { S3Core } from '../core.ts';
import { checksumMember } from '../payload/checksums.ts';
import { describeEncryption } from '../rules/encryption.ts';
import { describeLock } from '../rules/object-lock.ts';
import { describeRestore } from '../rules/restore.ts';
import { describeVersionId } from '../rules/versions.ts';
import type { Bucket } from '../store/buckets.ts';
import { type ObjectVersion, tagsOf } from '../store/version.ts';

const DEFAULT_CONTENT_TYPE = 'binary/octet-stream';

/** The output members of GetObject and HeadObject that describe a version, without its range. */
export function describeVersion(s3: S3Core, bucket: Bucket, version: ObjectVersion) {
  const { facts } = version;
  const { Expires: _, ...headers } = facts.headers ?? {};
  const tagCount = tagsOf(version).length;
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(version.lastModified),
    ETag: `"${version.etag}"`,
    VersionId: describeVersionId(bucket, version),
    ContentType: DEFAULT_CONTENT_TYPE,
    ...headers,
    ...(facts.storageClass !== undefined && { StorageClass: storageClassOf(facts.storageClass) }),
    ...(tagCount > 0 && { TagCount: tagCount }),
    ...(facts.replication && { ReplicationStatus: facts.replication }),
    ...describeEncryption(facts),
    ...describeLock(facts),
    ...describeRestore(s3, facts),
  };
}

/** The output members for the checksum of a whole version, returned with `ChecksumMode: ENABLED`. */
export const describeChecksum = ({ facts: { checksum } }: ObjectVersion) =>
  checksum && { [checksumMember(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type };

/** The output members for the checksum of one part. Only an object with a composite checksum has one for each part. */
export function describePartChecksum({ facts: { checksum, parts } }: ObjectVersion, partNumber = 1) {
  const part = parts?.[partNumber - 1];
  return checksum?.type === 'COMPOSITE' && part
    ? { [checksumMember(checksum.algorithm)]: part.checksum, ChecksumType: checksum.type }
    : {};
}

const storageClassOf = (name: string) => name as 'GLACIER';
