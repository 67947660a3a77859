import type { S3Action, S3Core } from '../core.ts';
import { findUpload } from './upload-part.ts';

export const abortMultipartUpload =
  (s3: S3Core): S3Action<'AbortMultipartUpload'> =>
  (input) => {
    const upload = findUpload(s3, input);
    s3.database.transaction(() => s3.uploads.remove(upload));
    return {};
  };
