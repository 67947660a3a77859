import type {
  CopyObjectCommandInput,
  PutObjectAclCommandInput,
  PutObjectRetentionCommandInput,
  RestoreObjectCommandInput,
  UpdateObjectEncryptionCommandInput,
} from '@aws-sdk/client-s3';
import type { ComputeObjectChecksumAlgorithm, ComputeObjectChecksumType } from '@aws-sdk/client-s3-control';
import type { ObjectTarget } from './object-target.ts';

/** The destination and the settings of a copy, as CopyObject takes them. */
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
  /** FULL_OBJECT when a composite checksum was requested and the object was not uploaded in parts. */
  type: ComputeObjectChecksumType;
  /** For a composite checksum. */
  partCount?: number;
  /** Of the object, without quotes. */
  etag: string;
}

/**
 * The last step of a change whose preparation took time. It is called in the transaction that records the task's
 * outcome, and may still throw. A store that has already made its change returns a function that does nothing.
 */
export type Completion = () => void;

/** What operations do to objects, with the members of S3's own requests. */
export interface ObjectActions {
  copyObject(source: ObjectTarget, copy: ObjectCopy): undefined | Promise<Completion>;
  putObjectAcl(target: ObjectTarget, acl: ObjectAcl): void | Promise<void>;
  restoreObject(target: ObjectTarget, restore: ObjectRestore): void | Promise<void>;
  putObjectLegalHold(target: ObjectTarget, status: 'ON' | 'OFF'): void | Promise<void>;
  putObjectRetention(target: ObjectTarget, retention: ObjectRetention): void | Promise<void>;
  updateObjectEncryption(target: ObjectTarget, encryption: ObjectEncryption): void | Promise<void>;
  /** Replicates one version again, or for the first time; errors carry S3's replication failure reasons. */
  replicateObject(target: Required<ObjectTarget>): void | Promise<void>;
  /** Reads the whole object, also an archived one. */
  computeChecksum(target: ObjectTarget, request: ChecksumRequest): Promise<ObjectChecksum>;
  /** Throws GetObjectLockConfiguration's error for a bucket without Object Lock. */
  checkObjectLock(bucket: string): void | Promise<void>;
}
