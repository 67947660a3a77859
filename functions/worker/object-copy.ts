import type { ObjectVersion } from './contract.ts';
import { ActionFailure, isNamed } from './failures.ts';
import type { Tags } from './object-tags.ts';

/** What an object is beside its bytes and tags. */
export interface ObjectTraits {
  /** By S3's names: ContentType, CacheControl and so on. */
  headers: Readonly<Record<string, string>>;
  metadata: Readonly<Record<string, string>>;
  storageClass: string;
  encryption?: { algorithm: string; kmsKey?: string; bucketKey?: boolean };
}

export interface ObjectHead {
  bytes: number;
  etag: string;
  /** Where the bucket has versions. */
  versionId?: string;
  /** Of all bytes, where S3 has one: its algorithm, and its value. */
  checksum?: { algorithm: string; value: string };
  traits: ObjectTraits;
  /** A legal hold, or a retention that has not run out. */
  isLocked: boolean;
}

export interface ObjectGrants {
  access: Readonly<Record<string, string>>;
  toGroups: boolean;
}

/** Where something is written. */
export interface ObjectPlace {
  bucket: string;
  key: string;
}

export interface CopyOrder {
  /** The very version, of which `head` tells. */
  source: ObjectVersion;
  head: ObjectHead;
  target: ObjectPlace;
  /** ETag of what is at the target: what another writer puts there meanwhile stays. */
  replaces: string | undefined;
  traits: ObjectTraits;
  tags: Tags;
  /** Who else may have it: `{ ACL: 'private' }`, or grants by the names of their headers. */
  access: Readonly<Record<string, string>>;
  /** Whether the parts that are copied stay for a later try after this error. */
  isPassing: (error: unknown) => boolean;
}

export interface CopySizes {
  /** Up to here one call copies an object, above it goes in parts. */
  wholeBytes: number;
  /** Grows with the object, as there are at most 10,000 parts. */
  partBytes: number;
  partsInFlight: number;
}

/** Copies of objects within S3. Both ways give the ETag of the copy. */
export interface CopyStore {
  head(object: ObjectVersion, signal: AbortSignal): Promise<ObjectHead>;
  /** The same, but undefined when there is none. */
  find(object: ObjectPlace, signal: AbortSignal): Promise<ObjectHead | undefined>;
  tags(object: ObjectVersion, signal: AbortSignal): Promise<Tags>;
  /** What is granted to others than the owner, and whether to groups, such as the whole world. */
  grants(object: ObjectVersion, signal: AbortSignal): Promise<ObjectGrants>;
  copyWhole(order: CopyOrder, signal: AbortSignal): Promise<string>;
  /** Goes on where an earlier try of the same order was ended. */
  copyInParts(order: CopyOrder, sizes: CopySizes, signal: AbortSignal): Promise<string>;
}

const MOVED = ['InvalidPart', 'NoSuchKey', 'NoSuchUpload', 'PreconditionFailed'];

/** Somebody else has changed source, target or upload while we were at it: a new try looks at them anew. */
export function retellMoved(error: unknown): never {
  if (!MOVED.some((name) => isNamed(error, name))) throw error;
  throw new ActionFailure('TemporaryFailure', 'source or target changed meanwhile; to be tried again');
}
