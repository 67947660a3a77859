import type { Manifest } from '../../core/generated/job-request.mjs';
import type { Inspection } from '../checks/inspection.ts';
import type { RowCount } from '../rows/rows-manifest.ts';
import type { InlineManifest } from './manifest-rows.ts';

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

/** A manifest made of rows of an earlier job. */
export interface MadeManifest {
  manifest: Manifest;
  /** Of the stored object; empty until it is stored. */
  etag: string;
  /** Of the content. */
  sha256: string;
  /** Its rows by how their tasks ended. */
  count: RowCount;
  /** Its rows were checked while they were written. */
  inspection: Inspection;
}

export type FoundManifest = StoredManifest | InlineManifest | MadeManifest;

/** The manifest without what depends on the call, and with a mark of its content: equal content has an equal mark. */
export function markedManifestOf(found: FoundManifest): { manifest: Manifest; etag: string } {
  const { manifest } = found;
  if ('csv' in found) return { manifest, etag: found.key };
  if (!('sha256' in found)) return { manifest, etag: found.etag };
  return { manifest: { ...manifest, Location: { ObjectArn: '' } }, etag: found.sha256 };
}
