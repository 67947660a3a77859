import type { Manifest } from '../../core/generated/job-request.mjs';
import type { manifestOfObjects } from './manifest-rows.ts';

/** A manifest that is in S3. */
export interface StoredManifest {
  /** With the version that is there now, where the bucket has versions. */
  manifest: Manifest;
  /** Without quotes: the caller's, or what S3 has. */
  etag: string;
  seen?: { etag: string; size: number; encryption?: string };
  /** Why nothing is `seen`. */
  unseen?: string;
}

/** A manifest of the objects in the body, not stored yet. */
export type InlineManifest = ReturnType<typeof manifestOfObjects>;

export type FoundManifest = StoredManifest | InlineManifest;

/** What stands for the content of the manifest: the same content, the same mark. */
export const contentMarkOf = (found: FoundManifest): string => ('csv' in found ? found.key : found.etag);
