import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { ChecksumAlgorithm } from '../payload/checksums.ts';
import type { Segment } from './bodies.ts';

/** One permission on a bucket or object, as ACLs list them. */
export interface Grant {
  grantee: { type: 'CanonicalUser' | 'Group'; id: string };
  permission: 'FULL_CONTROL' | 'READ' | 'WRITE' | 'READ_ACP' | 'WRITE_ACP';
}

/** Headers that S3 keeps with an object and answers as they were given. */
export const KEPT_HEADERS = [
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ContentType',
  'Metadata',
  'WebsiteRedirectLocation',
] as const;

export type KeptHeaders = Pick<PutObjectCommandInput, (typeof KEPT_HEADERS)[number]> & {
  /** As it was sent: S3 does not ask that it is a date. */
  Expires?: string | undefined;
};

/** Base64, with `-N` after it when it was made of N parts. */
export interface StoredChecksum {
  algorithm: ChecksumAlgorithm;
  type: 'FULL_OBJECT' | 'COMPOSITE';
  value: string;
}

/** One part of a version that was uploaded in parts; its number is its place. */
export interface StoredPart {
  size: number;
  /** Base64, in the object's algorithm. */
  checksum: string;
}

/** What is known of a version beside its row; an absent member means the default. */
export interface ObjectFacts {
  headers?: KeptHeaders;
  /** Absent: STANDARD. */
  storageClass?: string;
  checksum?: StoredChecksum;
  parts?: StoredPart[];
  /** Where the bytes lie when that is not one body. */
  segments?: Segment[];
  /** Absent: AES256. */
  encryption?: { algorithm: string; keyId?: string; bucketKey?: boolean; context?: string };
  /** SSE-C: the key is never kept, only its digest. */
  customerKey?: { algorithm: string; md5: string };
  retention?: { mode: 'COMPLIANCE' | 'GOVERNANCE'; until: number };
  legalHold?: 'ON' | 'OFF';
  /** Absent: the owner has full control. */
  acl?: Grant[];
  restore?: { requested: number; ready: number; days: number; tier: string };
  replication?: 'PENDING' | 'COMPLETED' | 'FAILED' | 'REPLICA';
  /** Names of the buckets that have been given a replica. */
  replicatedTo?: string[];
}
