import type { S3Action, S3Core } from '../core.ts';
import { checksumMember } from '../payload/checksums.ts';
import { describeSourceId } from '../rules/copy-source.ts';
import { describeEncryption } from '../rules/encryption.ts';
import { describeVersionId } from '../rules/versions.ts';
import { segmentsOf } from '../store/version.ts';
import { computeDigests, knownDigests } from './copy-digests.ts';
import { commitCopy, prepareCopy } from './copy-version.ts';

export const copyObject =
  (s3: S3Core): S3Action<'CopyObject'> =>
  async (input, { request, response }) => {
    const copy = prepareCopy(s3, input, response.headers, request.headers['expires']);
    const { source, algorithm, facts } = copy;
    const unpin = s3.bodies.pin(segmentsOf(source));
    try {
      const digests = knownDigests(source, algorithm) ?? (await computeDigests(s3, source, algorithm));
      const { etag, checksum } = digests;
      const { versionId, lastModified } = commitCopy(s3, copy, digests);
      return {
        CopyObjectResult: {
          ETag: `"${etag}"`,
          LastModified: new Date(lastModified),
          [checksumMember(checksum.algorithm)]: checksum.value,
          ChecksumType: checksum.type,
        },
        CopySourceVersionId: describeSourceId(copy.sourceBucket, source),
        VersionId: describeVersionId(copy.bucket, { versionId }),
        ...describeEncryption(facts),
      };
    } finally {
      unpin();
    }
  };
