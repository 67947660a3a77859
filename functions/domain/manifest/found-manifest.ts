import type { Manifest } from '../../core/generated/job-request.mjs';
import type { manifestOfObjects } from './manifest-rows.ts';

/** A manifest in S3. */
export interface StoredManifest {
  /** With its current version, if the bucket has versioning. */
  manifest: Manifest;
  /** Without quotes: the caller's, or that of the object. */
  etag: string;
  facts?: { etag: string; size: number; encryption?: string };
  /** Why there are no `facts`. */
  whyUnreadable?: string;
}

/** A manifest made of `Objects`, not stored yet. */
export type InlineManifest = ReturnType<typeof manifestOfObjects>;

export type FoundManifest = StoredManifest | InlineManifest;

/** Identifies the content of the manifest: equal content has an equal mark. */
export const contentMarkOf = (found: FoundManifest): string => ('csv' in found ? found.key : found.etag);
