import type { JobManifestFieldName } from '@aws-sdk/client-s3-control';
import { invalidContent } from './manifest-fault.ts';

/** Which column of a row holds what; -1 when there is none. */
export interface Columns {
  count: number;
  bucket: number;
  key: number;
  versionId: number;
}

/** Columns that are none of Bucket, Key and VersionId are read over. */
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
