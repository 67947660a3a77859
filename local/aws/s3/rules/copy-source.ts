import { AwsError } from '../../../core/aws-error.ts';
import type { S3Core, S3Input } from '../core.ts';
import { copySourceIsDeleteMarker, invalidArgument } from '../errors.ts';
import type { Bucket } from '../store/buckets.ts';
import { NULL_VERSION, type ObjectVersion } from '../store/version.ts';
import { checkCopySourceConditions } from './conditions.ts';
import { decodeForm } from './decoding.ts';
import { checkReadKey } from './encryption.ts';
import { checkReadable } from './restore.ts';
import { describeVersionId, findVersion, type VersionTarget } from './versions.ts';

/** The source of a copy. */
export interface CopySource {
  bucket: Bucket;
  version: ObjectVersion;
  /** Whether the request names a version id, even the one of the current version. */
  isVersionNamed: boolean;
}

/** The version that a copy reads. Throws if it cannot be read or does not meet the conditions of the copy. */
export function findCopySource(
  s3: S3Core,
  input: S3Input<'CopyObject'> | S3Input<'UploadPartCopy'>,
  headers: Record<string, string>,
): CopySource {
  const target = parseCopySource(input.CopySource, input.ExpectedSourceBucketOwner);
  const found = findSourceVersion(s3, target, headers);
  checkCopySourceConditions(s3, found.version, input);
  checkReadKey(found.version.facts, {
    SSECustomerAlgorithm: input.CopySourceSSECustomerAlgorithm,
    SSECustomerKey: input.CopySourceSSECustomerKey,
    SSECustomerKeyMD5: input.CopySourceSSECustomerKeyMD5,
  });
  checkReadable(s3, found.version.facts, "Operation is not valid for the source object's storage class");
  return { ...found, isVersionNamed: target.VersionId !== undefined };
}

function findSourceVersion(s3: S3Core, target: VersionTarget, headers: Record<string, string>) {
  try {
    return findVersion(s3, target, headers);
  } catch (error) {
    throw error instanceof AwsError && error.code === 'MethodNotAllowed' ? copySourceIsDeleteMarker() : error;
  }
}

/** The version id of a source as S3 returns it: never `null`. */
export function describeSourceId(bucket: Bucket, version: ObjectVersion): string | undefined {
  const versionId = describeVersionId(bucket, version);
  return versionId === NULL_VERSION ? undefined : versionId;
}

/** The object that `x-amz-copy-source` names: `bucket/key`, form encoded, with or without a leading slash. */
function parseCopySource(header: string | undefined, expectedOwner: string | undefined): VersionTarget {
  const fault = () =>
    invalidArgument('Invalid copy source object key', 'x-amz-copy-source', header ?? 'null');
  const [path = '', versionId] = (header ?? '').split('?versionId=');
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decode(path, fault)) ?? [];
  if (bucket === undefined || key === undefined) throw fault();
  return {
    Bucket: bucket,
    Key: key,
    VersionId: versionId && decode(versionId, fault),
    ExpectedBucketOwner: expectedOwner,
  };
}

function decode(text: string, fault: () => Error): string {
  try {
    return decodeForm(text);
  } catch {
    throw fault();
  }
}
