import type { S3Core, S3Input } from '../core.ts';
import { invalidArgument } from '../errors.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectVersion } from '../store/version.ts';
import { checkCopySourceConditions } from './conditions.ts';
import { checkReadKey } from './encryption.ts';
import { checkReadable } from './restore.ts';
import { findVersion, type VersionTarget } from './versions.ts';

/** The version that a copy reads. Throws if it cannot be read or does not meet the conditions of the copy. */
export function findCopySource(
  s3: S3Core,
  input: S3Input<'CopyObject'> | S3Input<'UploadPartCopy'>,
  headers: Record<string, string>,
): { bucket: Bucket; version: ObjectVersion } {
  const target = parseCopySource(input.CopySource, input.ExpectedSourceBucketOwner);
  const found = findVersion(s3, target, headers);
  checkCopySourceConditions(found.version, input);
  checkReadKey(found.version.facts, {
    SSECustomerAlgorithm: input.CopySourceSSECustomerAlgorithm,
    SSECustomerKey: input.CopySourceSSECustomerKey,
    SSECustomerKeyMD5: input.CopySourceSSECustomerKeyMD5,
  });
  checkReadable(s3, found.version.facts, "Operation is not valid for the source object's storage class");
  return found;
}

/** The object that `x-amz-copy-source` names: `bucket/key`, URL-encoded, with or without a leading slash. */
function parseCopySource(header: string | undefined, expectedOwner: string | undefined): VersionTarget {
  const fault = () =>
    invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
      header ?? 'null',
    );
  const [path = '', versionId] = (header ?? '').split('?versionId=');
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decode(path, fault)) ?? [];
  if (bucket === undefined || key === undefined) throw fault();
  return { Bucket: bucket, Key: key, VersionId: versionId, ExpectedBucketOwner: expectedOwner };
}

function decode(text: string, fault: () => Error): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw fault();
  }
}
