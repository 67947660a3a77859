import { bucketOf, nowSeconds, type S3Action, type S3Core, type S3Input } from '../core.ts';
import { invalidRequest } from '../errors.ts';
import { DEFAULT_ALGORITHM, isChecksumAlgorithm } from '../payload/checksums.ts';
import { describeEncryption } from '../rules/encryption.ts';
import { keptHeaders } from '../rules/headers.ts';
import { newKey } from '../rules/keys.ts';
import { newFacts } from '../rules/new-facts.ts';
import { storedTags, tagsFromHeader } from '../rules/tags.ts';
import type { UploadPlan } from '../store/uploads.ts';

export const createMultipartUpload =
  (s3: S3Core): S3Action<'CreateMultipartUpload'> =>
  (input, { request, principal }) => {
    const bucket = bucketOf(s3, input);
    const key = newKey(input.Key);
    const plan: UploadPlan = {
      initiator: principal,
      tags: storedTags(tagsFromHeader(input.Tagging)),
      facts: { ...keptHeaders(input, request.headers['expires']), ...newFacts(s3, bucket, input) },
      ...checksumPlan(input),
    };
    const upload = { bucket: bucket.id, key, initiated: nowSeconds(s3), plan };
    const uploadId = s3.database.transaction(() => s3.uploads.create(upload));
    return {
      Bucket: bucket.name,
      Key: key,
      UploadId: uploadId,
      ...describeEncryption(plan.facts),
      ...(plan.isChecksumNamed && { ChecksumAlgorithm: plan.algorithm, ChecksumType: plan.checksumType }),
    };
  };

/** CRC64NVME is always a full-object checksum. A hash never is, because hashes of parts cannot be combined. */
function checksumPlan({ ChecksumAlgorithm: named, ChecksumType: type }: S3Input<'CreateMultipartUpload'>) {
  if (named === undefined && type !== undefined)
    throw invalidRequest(
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  const algorithm = named ?? DEFAULT_ALGORITHM;
  if (!isChecksumAlgorithm(algorithm))
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types',
    );
  const isCrc = algorithm.startsWith('CRC');
  const checksumType = type ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  const isPossible = checksumType === 'FULL_OBJECT' ? isCrc : algorithm !== 'CRC64NVME';
  if (!isPossible)
    throw invalidRequest(
      `The ${checksumType} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  return { algorithm, checksumType, isChecksumNamed: named !== undefined };
}
