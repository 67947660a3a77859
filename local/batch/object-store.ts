import type { ObjectActions } from './object-actions.ts';
import type { ObjectTarget } from './object-target.ts';

export interface Tag {
  Key: string;
  Value: string;
}

/** The attributes of an object. */
export interface ObjectFacts {
  /** Without quotes. */
  etag: string;
  size: number;
  versionId?: string;
  /** `AES256`, `aws:kms`, `aws:kms:dsse`. */
  encryption?: string;
}

/** A current version in a list of its bucket, with everything that a manifest generator can filter by. */
export interface ListedObject {
  key: string;
  /** Only where the bucket has, or once had, versioning. */
  versionId?: string;
  size: number;
  /** Milliseconds since the epoch. */
  lastModifiedMs: number;
  storageClass: string;
  /** `AES256`, `aws:kms`, `aws:kms:dsse`; `SSE-C` for a customer-provided key. */
  encryption?: string;
  kmsKeyArn?: string;
  bucketKeyEnabled?: boolean;
  replicationStatus?: string;
  /** Whether a rule of the bucket's replication configuration applies to it. */
  isEligibleForReplication: boolean;
}

export interface ListQuery {
  prefix: string;
  /** The last key of the previous page. */
  after?: string;
}

export interface PutOptions {
  contentType?: string;
  /** SSE-KMS with this key instead of SSE-S3. */
  kmsKeyId?: string;
}

/**
 * What the engine needs of an object store. Local S3 answers synchronously, inside the caller's transaction; another
 * S3-compatible store may answer with promises. Throws AwsError with S3's code for a refused call.
 */
export interface ObjectStore extends ObjectActions {
  /** Commits the effects on objects together with the engine's record of them. */
  transaction<T>(work: () => T): T;
  bucketExists(bucket: string): boolean | Promise<boolean>;
  /** A page of the bucket's current objects, without delete markers, in the order of their keys; empty after the last. */
  listObjects(bucket: string, query: ListQuery): ListedObject[] | Promise<ListedObject[]>;
  headObject(target: ObjectTarget): ObjectFacts | Promise<ObjectFacts>;
  /** The object's bytes from the given offset on, in chunks of bounded size. */
  readObject(target: ObjectTarget, from?: number): AsyncIterable<Uint8Array>;
  putObject(
    target: ObjectTarget,
    body: AsyncIterable<Uint8Array> | Uint8Array,
    options?: PutOptions,
  ): Promise<ObjectFacts>;
  putObjectTagging(target: ObjectTarget, tags: readonly Tag[]): void | Promise<void>;
  deleteObjectTagging(target: ObjectTarget): void | Promise<void>;
}
