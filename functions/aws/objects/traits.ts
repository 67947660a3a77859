import type { HeadObjectCommandOutput, PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { ObjectTraits } from '../../worker/object-copy.ts';

/** Headers that a copy keeps. A website redirect belongs to the one key. */
const HEADERS = [
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ContentType',
] as const;

function encryptionOf(head: Partial<HeadObjectCommandOutput>): Pick<ObjectTraits, 'encryption'> {
  const { ServerSideEncryption: algorithm, SSEKMSKeyId: kmsKey, BucketKeyEnabled: bucketKey } = head;
  if (!algorithm) return {};
  return { encryption: { algorithm, ...(kmsKey && { kmsKey }), ...(bucketKey && { bucketKey }) } };
}

/** The traits of an object from the answer to HeadObject or GetObject. Throws if a copy would lose one of them. */
export function traitsOf(head: Partial<HeadObjectCommandOutput>): ObjectTraits {
  const kept = HEADERS.map((name) => [name, head[name]]).filter(([, value]) => value !== undefined);
  const { Metadata: metadata = {}, StorageClass: storageClass = 'STANDARD', ExpiresString } = head;
  if (ExpiresString !== undefined && Number.isNaN(Date.parse(ExpiresString)))
    throw new Error('its header Expires is not a date; a copy would lose it');
  if (head.MissingMeta) throw new Error('it has metadata that a header cannot carry; a copy would lose it');
  return {
    headers: { ...Object.fromEntries(kept), ...(ExpiresString !== undefined && { Expires: ExpiresString }) },
    metadata,
    storageClass,
    ...encryptionOf(head),
  };
}

type Members = Pick<PutObjectCommandInput, 'ACL' | 'Expires' | 'Metadata' | 'StorageClass' | 'Tagging'> &
  Pick<PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId' | 'BucketKeyEnabled'> &
  Pick<PutObjectCommandInput, (typeof HEADERS)[number]>;

/** The members by which PutObject, CopyObject and CreateMultipartUpload take traits and tags. */
export function traitMembers(
  { headers: { Expires, ...headers }, metadata, storageClass, encryption }: ObjectTraits,
  tags: ReadonlyMap<string, string>,
): Members {
  return {
    ...headers,
    ...(Expires !== undefined && { Expires: new Date(Expires) }),
    Metadata: { ...metadata },
    StorageClass: storageClass as 'STANDARD',
    ...(encryption && { ServerSideEncryption: encryption.algorithm as 'AES256' }),
    ...(encryption?.kmsKey && { SSEKMSKeyId: encryption.kmsKey }),
    ...(encryption?.bucketKey && { BucketKeyEnabled: true }),
    ...(tags.size > 0 && { Tagging: new URLSearchParams([...tags].sort()).toString() }),
  };
}
