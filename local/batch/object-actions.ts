import type {
  CopyObjectCommandInput,
  PutObjectAclCommandInput,
  PutObjectRetentionCommandInput,
  RestoreObjectCommandInput,
  UpdateObjectEncryptionCommandInput,
} from '@aws-sdk/client-s3';
import type { ComputeObjectChecksumAlgorithm, ComputeObjectChecksumType } from '@aws-sdk/client-s3-control';
import type { ObjectTarget } from './object-store.ts';

/** Where a copy goes and what becomes of it, as CopyObject is told. */
export type ObjectCopy = Omit<CopyObjectCommandInput, 'CopySource'>;
export type ObjectAcl = Pick<PutObjectAclCommandInput, 'ACL' | 'AccessControlPolicy'>;
export type ObjectRetention = Pick<PutObjectRetentionCommandInput, 'Retention' | 'BypassGovernanceRetention'>;
export type ObjectRestore = Pick<RestoreObjectCommandInput, 'RestoreRequest'>;
export type ObjectEncryption = Pick<UpdateObjectEncryptionCommandInput, 'ObjectEncryption'>;

export interface ChecksumRequest {
  algorithm: ComputeObjectChecksumAlgorithm;
  type: ComputeObjectChecksumType;
}

export interface ObjectChecksum {
  bytes: Uint8Array;
  /** FULL_OBJECT where a composite one was asked for and the object was not uploaded in parts. */
  type: ComputeObjectChecksumType;
  /** For a composite checksum. */
  partCount?: number;
  /** Of the object, without quotes. */
  etag: string;
}

/**
 * The rest of a change whose preparation took time: it is called in the transaction that records the task's
 * outcome, and may still be refused. A store that has made its change by then answers a function that does nothing.
 */
export type Completion = () => void;

/** What operations do to objects, each in the words of S3's own request. */
export interface ObjectActions {
  copyObject(source: ObjectTarget, copy: ObjectCopy): undefined | Promise<Completion>;
  putObjectAcl(target: ObjectTarget, acl: ObjectAcl): void | Promise<void>;
  restoreObject(target: ObjectTarget, restore: ObjectRestore): void | Promise<void>;
  putObjectLegalHold(target: ObjectTarget, status: 'ON' | 'OFF'): void | Promise<void>;
  putObjectRetention(target: ObjectTarget, retention: ObjectRetention): void | Promise<void>;
  updateObjectEncryption(target: ObjectTarget, encryption: ObjectEncryption): void | Promise<void>;
  /** Replicates one version again, or for the first time; refusals carry S3's replication failure reasons. */
  replicateObject(target: Required<ObjectTarget>): void | Promise<void>;
  /** Reads the whole object, also an archived one. */
  computeChecksum(target: ObjectTarget, request: ChecksumRequest): Promise<ObjectChecksum>;
  /** Throws what GetObjectLockConfiguration is refused with in a bucket without Object Lock. */
  checkObjectLock(bucket: string): void | Promise<void>;
}
