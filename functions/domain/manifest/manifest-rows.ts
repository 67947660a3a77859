import { createHash } from 'node:crypto';
import type { Manifest, ObjectReference } from '../../core/generated/job-request.mjs';
import { manifestPrefixOf } from '../allowed/stack-bucket.ts';
import { csvCell } from '../report/csv-text.ts';

/** Encodes a key for a manifest. S3 Batch Operations decodes `+` as a space, so both are escaped; `/` is not. */
export const encodeKey = (key: string) =>
  encodeURIComponent(key)
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/');

/**
 * A CSV manifest for objects of one bucket, to be stored in the given bucket. Its key is a hash of its content, so equal
 * objects have the same manifest.
 */
export function manifestOfObjects(
  objects: readonly ObjectReference[],
  { bucket, tenantMark }: { bucket: string; tenantMark: string },
): { csv: string; key: string; manifest: Manifest } {
  const hasVersions = objects[0]?.VersionId !== undefined;
  const rows = objects.map((o) =>
    [o.Bucket, encodeKey(o.Key), ...(hasVersions ? [o.VersionId ?? ''] : [])].map(csvCell).join(','),
  );
  const csv = `${rows.join('\n')}\n`;
  const key = `${manifestPrefixOf(tenantMark)}/${createHash('sha256').update(csv).digest('hex')}.csv`;
  return {
    csv,
    key,
    manifest: {
      Spec: {
        Format: 'S3BatchOperations_CSV_20180820',
        Fields: hasVersions ? ['Bucket', 'Key', 'VersionId'] : ['Bucket', 'Key'],
      },
      Location: { ObjectArn: `arn:aws:s3:::${bucket}/${key}` },
    },
  };
}
