import { createHash } from 'node:crypto';
import type { Manifest, ObjectReference } from '../../core/generated/job-request.mjs';
import { manifestPrefixOf } from '../allowed/stack-bucket.ts';
import { csvCell } from '../report/csv-text.ts';

/** Encodes a key for a manifest. S3 Batch Operations decodes `+` as a space, so both are escaped; `/` is not. */
export const encodeKey = (key: string) =>
  encodeURIComponent(key)
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/');

/** A CSV manifest that is not stored yet. */
export interface InlineManifest {
  csv: string | Buffer;
  key: string;
  manifest: Manifest;
  /** The member of the request that it comes from. */
  pointer: string;
}

/** A manifest to be stored in the given bucket. Its key is a hash of its content, so equal rows have the same manifest. */
export function inlineManifest(
  csv: string | Buffer,
  Spec: Manifest['Spec'],
  pointer: string,
  { bucket, tenantMark }: { bucket: string; tenantMark: string },
): InlineManifest {
  const key = `${manifestPrefixOf(tenantMark)}/${createHash('sha256').update(csv).digest('hex')}.csv`;
  const manifest = { ...(Spec && { Spec }), Location: { ObjectArn: `arn:aws:s3:::${bucket}/${key}` } };
  return { csv, key, manifest, pointer };
}

/** A CSV manifest for objects of one bucket, to be stored in the given bucket. */
export function manifestOfObjects(
  objects: readonly ObjectReference[],
  stack: { bucket: string; tenantMark: string },
): InlineManifest {
  const hasVersions = objects[0]?.VersionId !== undefined;
  const rows = objects.map((o) =>
    [o.Bucket, encodeKey(o.Key), ...(hasVersions ? [o.VersionId ?? ''] : [])].map(csvCell).join(','),
  );
  const Format = 'S3BatchOperations_CSV_20180820';
  const Fields = ['Bucket' as const, 'Key' as const, ...(hasVersions ? ['VersionId' as const] : [])];
  return inlineManifest(`${rows.join('\n')}\n`, { Format, Fields }, '/Objects', stack);
}
