import type { ObjectVersion } from './contract.ts';
import { ActionFailure, isNamed } from './failures.ts';
import type { Tags } from './object-tags.ts';

/** The properties of an object other than its bytes and tags. */
export interface ObjectTraits {
  /** By the names that S3 uses: ContentType, CacheControl and so on. */
  headers: Readonly<Record<string, string>>;
  metadata: Readonly<Record<string, string>>;
  storageClass: string;
  encryption?: { algorithm: string; kmsKey?: string; bucketKey?: boolean };
}

export interface ObjectHead {
  bytes: number;
  etag: string;
  /** In a bucket with versioning. */
  versionId?: string;
  /** Of the whole object, if S3 has one. */
  checksum?: { algorithm: string; value: string };
  traits: ObjectTraits;
  /** A legal hold, or a retention that has not expired. */
  isLocked: boolean;
}

export interface ObjectGrants {
  access: Readonly<Record<string, string>>;
  toGroups: boolean;
}

export interface ObjectLocation {
  bucket: string;
  key: string;
}

export interface CopyOrder {
  /** The version that `head` describes. */
  source: ObjectVersion;
  head: ObjectHead;
  target: ObjectLocation;
  /** ETag of the object at the target, or undefined if there is none. The copy fails if another writer has changed it. */
  replaces: string | undefined;
  traits: ObjectTraits;
  tags: Tags;
  /** `{ ACL: 'private' }`, or grants by the names of their headers. */
  access: Readonly<Record<string, string>>;
  /** Whether the copied parts are kept for a later try after this error. */
  isRetryable: (error: unknown) => boolean;
}

export interface CopySizes {
  /** Objects above this size are copied in parts. */
  wholeBytes: number;
  /** Minimum; grows with the object, because an upload has at most 10,000 parts. */
  partBytes: number;
  partsInProgress: number;
}

/** Copies of objects within S3. Both copy methods resolve with the ETag of the copy. */
export interface CopyStore {
  head(object: ObjectVersion, signal: AbortSignal): Promise<ObjectHead>;
  /** The same, or undefined if the object does not exist. */
  find(object: ObjectLocation, signal: AbortSignal): Promise<ObjectHead | undefined>;
  tags(object: ObjectVersion, signal: AbortSignal): Promise<Tags>;
  /** The access of others than the owner, and whether a group, such as everyone, has access. */
  grants(object: ObjectVersion, signal: AbortSignal): Promise<ObjectGrants>;
  copyWhole(order: CopyOrder, signal: AbortSignal): Promise<string>;
  /** Resumes an unfinished copy with the same source, target and members. */
  copyInParts(order: CopyOrder, sizes: CopySizes, signal: AbortSignal): Promise<string>;
}

const CHANGED = ['InvalidPart', 'NoSuchKey', 'NoSuchUpload', 'PreconditionFailed'];

/**
 * Rethrows an error. It is a temporary failure if another writer changed source, target or upload in the meantime: the
 * next try reads them again.
 */
export function rethrowChanged(error: unknown): never {
  if (!CHANGED.some((name) => isNamed(error, name))) throw error;
  throw new ActionFailure('TemporaryFailure', 'source or target changed in the meantime; try again');
}
