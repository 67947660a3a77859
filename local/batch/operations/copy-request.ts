import type { S3CopyObjectOperation, S3Grant, S3Permission, S3Tag } from '@aws-sdk/client-s3-control';
import type { ObjectCopy } from '../object-actions.ts';
import { metadataDirective } from '../unconfirmed.ts';

const GRANT_MEMBERS = {
  FULL_CONTROL: 'GrantFullControl',
  READ: 'GrantRead',
  READ_ACP: 'GrantReadACP',
  WRITE_ACP: 'GrantWriteACP',
  // CopyObject has no header for WRITE, because objects have no such permission.
  WRITE: undefined,
} as const satisfies Record<S3Permission, keyof ObjectCopy | undefined>;

/** Grants as the headers of CopyObject: one header for each permission, with all of its grantees. */
export function copyGrants(grants: readonly S3Grant[] = []): Partial<ObjectCopy> {
  const headers = new Map<string, string>();
  for (const { Grantee: grantee, Permission: permission } of grants) {
    const member = permission && GRANT_MEMBERS[permission];
    if (!member) continue;
    const text = `${grantee?.TypeIdentifier}="${grantee?.Identifier}"`;
    headers.set(member, headers.has(member) ? `${headers.get(member)}, ${text}` : text);
  }
  return Object.fromEntries(headers);
}

/** Headers and metadata of the copy. Ignores ContentLength, ContentMD5 and RequesterCharged, which have no effect. */
export function copyMetadata(operation: S3CopyObjectOperation): Partial<ObjectCopy> {
  const { NewObjectMetadata: metadata } = operation;
  const MetadataDirective = metadataDirective(operation);
  if (MetadataDirective === 'COPY' || !metadata) return { MetadataDirective };
  const userMetadata = Object.entries(metadata.UserMetadata ?? {});
  return {
    MetadataDirective,
    CacheControl: metadata.CacheControl,
    ContentDisposition: metadata.ContentDisposition,
    ContentEncoding: metadata.ContentEncoding,
    ContentLanguage: metadata.ContentLanguage,
    ContentType: metadata.ContentType,
    Expires: metadata.HttpExpiresDate,
    // Lower case as over HTTP, where metadata names are parts of header names.
    Metadata: Object.fromEntries(userMetadata.map(([name, value]) => [name.toLowerCase(), value])),
  };
}

/** Without a list the tags of the source are copied; an empty list removes all tags. */
export function copyTagging(tags: readonly S3Tag[] | undefined): Partial<ObjectCopy> {
  if (!tags) return {};
  const pairs = tags.map(({ Key = '', Value = '' }): [string, string] => [Key, Value]);
  return {
    TaggingDirective: 'REPLACE',
    Tagging: new URLSearchParams(pairs).toString().replaceAll('+', '%20'),
  };
}

/** A KMS key without an algorithm selects SSE-KMS. */
export function copyEncryption(operation: S3CopyObjectOperation): Partial<ObjectCopy> {
  const { SSEAwsKmsKeyId: keyId, BucketKeyEnabled, NewObjectMetadata: metadata } = operation;
  const algorithm = metadata?.SSEAlgorithm ?? (keyId === undefined ? undefined : 'KMS');
  return {
    ServerSideEncryption: algorithm === 'KMS' ? 'aws:kms' : algorithm,
    SSEKMSKeyId: keyId,
    BucketKeyEnabled,
  };
}
