import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { ChecksumAlgorithm } from '../payload/checksums.ts';
import type { Segment } from './bodies.ts';

/** One permission on a bucket or object, as ACLs list them. */
export interface Grant {
  grantee: { type: 'CanonicalUser' | 'Group'; id: string };
  permission: 'FULL_CONTROL' | 'READ' | 'WRITE' | 'READ_ACP' | 'WRITE_ACP';
}

/** Headers that S3 stores with an object and returns unchanged. */
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
  /** As sent: S3 does not require a date. */
  Expires?: string | undefined;
};

/** `value` is base64, followed by `-N` for a composite checksum of N parts. */
export interface StoredChecksum {
  algorithm: ChecksumAlgorithm;
  type: 'FULL_OBJECT' | 'COMPOSITE';
  value: string;
}

/** One part of a version that was uploaded in parts. The part number is its position, starting at 1. */
export interface StoredPart {
  size: number;
  /** Base64, in the algorithm of the object. */
  checksum: string;
}

/** Properties of a version that have no column of their own. An absent member means the default. */
export interface ObjectFacts {
  headers?: KeptHeaders;
  /** Absent: STANDARD. */
  storageClass?: string;
  checksum?: StoredChecksum;
  parts?: StoredPart[];
  /** The bodies of the version if it has several. */
  segments?: Segment[];
  /** Absent: AES256. */
  encryption?: { algorithm: string; keyId?: string; bucketKey?: boolean; context?: string };
  /** SSE-C: only the digest of the key is stored. */
  customerKey?: { algorithm: string; md5: string };
  retention?: { mode: 'COMPLIANCE' | 'GOVERNANCE'; until: number };
  legalHold?: 'ON' | 'OFF';
  /** Absent: the owner has full control. */
  acl?: Grant[];
  restore?: { requested: number; ready: number; days: number; tier: string };
  replication?: 'PENDING' | 'COMPLETED' | 'FAILED' | 'REPLICA';
  /** Names of the buckets that received a replica. */
  replicatedTo?: string[];
}
