import type { JobManifestFieldName } from '@aws-sdk/client-s3-control';
import { invalidContent } from './manifest-fault.ts';

/** Index of each column in a row; -1 when there is none. */
export interface Columns {
  count: number;
  bucket: number;
  key: number;
  versionId: number;
}

/** Ignores all columns other than Bucket, Key and VersionId. */
export function columnsOf(fields: readonly (JobManifestFieldName | string)[]): Columns {
  const missing = ['Bucket', 'Key'].filter((name) => !fields.includes(name));
  if (missing.length > 0) {
    throw invalidContent(`Required fields are missing in the schema: ${missing.join(', ')}`);
  }
  return {
    count: fields.length,
    bucket: fields.indexOf('Bucket'),
    key: fields.indexOf('Key'),
    versionId: fields.indexOf('VersionId'),
  };
}
