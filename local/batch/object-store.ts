/** One object, or one version of it, that a task works on. Keys are decoded. */
export interface ObjectTarget {
  bucket: string;
  key: string;
  versionId?: string;
}

export interface Tag {
  Key: string;
  Value: string;
}

/** What an object is, without its bytes. */
export interface ObjectFacts {
  /** Without quotes. */
  etag: string;
  size: number;
  versionId?: string;
  /** `AES256`, `aws:kms`, `aws:kms:dsse`. */
  encryption?: string;
}

/**
 * What the engine needs of an object store. Local S3 answers at once, inside the caller's transaction;
 * another S3-compatible store may answer with promises. Refusals are thrown as AwsError with S3's code.
 */
export interface ObjectStore {
  /** Commits the effects on objects together with the engine's own record of them. */
  transaction<T>(work: () => T): T;
  bucketExists(bucket: string): boolean | Promise<boolean>;
  headObject(target: ObjectTarget): ObjectFacts | Promise<ObjectFacts>;
  /** The object's bytes from the given offset on, in chunks of bounded size. */
  readObject(target: ObjectTarget, from?: number): AsyncIterable<Uint8Array>;
  putObject(
    target: ObjectTarget,
    body: AsyncIterable<Uint8Array> | Uint8Array,
    options?: { contentType?: string },
  ): Promise<ObjectFacts>;
  putObjectTagging(target: ObjectTarget, tags: readonly Tag[]): void | Promise<void>;
  deleteObjectTagging(target: ObjectTarget): void | Promise<void>;
}
