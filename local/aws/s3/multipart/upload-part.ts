import { bucketOf, nowSeconds, type S3Action, type S3Core } from '../core.ts';
import { invalidArgument, invalidRequest, noSuchUpload } from '../errors.ts';
import { checkCopySize } from '../objects/copy-version.ts';
import { receiveUpload, type Upload } from '../objects/upload.ts';
import { checksumHeader, checksumMember } from '../payload/checksums.ts';
import { declaredAlgorithm } from '../payload/verified-body.ts';
import { describeSourceId, findCopySource } from '../rules/copy-source.ts';
import { checkPartKey, describeEncryption, refuseEncryptionHeader } from '../rules/encryption.ts';
import type { ByteRange } from '../rules/range.ts';
import type { MultipartUpload } from '../store/uploads.ts';
import { segmentsOf } from '../store/version.ts';

const MAX_PART_NUMBER = 10_000;

interface UploadTarget {
  Bucket: string | undefined;
  Key: string | undefined;
  UploadId: string | undefined;
  ExpectedBucketOwner?: string | undefined;
}

/** The upload that a request names. Throws NoSuchUpload. */
export function findUpload(s3: S3Core, target: UploadTarget): MultipartUpload {
  const bucket = bucketOf(s3, target);
  const upload = s3.uploads.find(bucket.id, target.Key ?? '', target.UploadId ?? '');
  if (!upload) throw noSuchUpload(target.UploadId ?? '');
  return upload;
}

export const uploadPart =
  (s3: S3Core): S3Action<'UploadPart'> =>
  async (input, { request }) => {
    const upload = findUpload(s3, input);
    const { plan } = upload;
    const number = checkPartNumber(input.PartNumber);
    refuseEncryptionHeader(request.headers);
    checkPartKey(plan.facts, input);
    const declared = declaredAlgorithm(request.headers);
    if (plan.isChecksumNamed && declared !== undefined && declared !== plan.algorithm)
      throw invalidRequest(
        `Checksum Type mismatch occurred, expected checksum Type: ${plan.algorithm.toLowerCase()}, actual checksum Type: ${declared.toLowerCase()}`,
      );
    const part = await receiveUpload(s3, input.Body, request.headers, plan.algorithm);
    commitPart(s3, upload, number, part, input);
    const answered = declared ?? (plan.isChecksumNamed ? plan.algorithm : undefined);
    return {
      ETag: `"${part.etag}"`,
      ...(answered && {
        [checksumMember(answered)]:
          answered === plan.algorithm ? part.checksum : request.headers[checksumHeader(answered)],
      }),
      ...describeEncryption(plan.facts),
    };
  };

export const uploadPartCopy =
  (s3: S3Core): S3Action<'UploadPartCopy'> =>
  async (input, { response }) => {
    const upload = findUpload(s3, input);
    const number = checkPartNumber(input.PartNumber);
    checkPartKey(upload.plan.facts, input);
    const { bucket, version: source } = findCopySource(s3, input, response.headers);
    const { from, to } = copyRange(input.CopySourceRange, source.size);
    checkCopySize(s3, to - from);
    const body = s3.bodies.read(segmentsOf(source), from, to);
    const part = await receiveUpload(s3, body, {}, upload.plan.algorithm, to - from);
    commitPart(s3, upload, number, part, input);
    return {
      CopySourceVersionId: describeSourceId(bucket, source),
      CopyPartResult: {
        ETag: `"${part.etag}"`,
        LastModified: new Date(nowSeconds(s3)),
        ...(upload.plan.isChecksumNamed && { [checksumMember(part.algorithm)]: part.checksum }),
      },
      ...describeEncryption(upload.plan.facts),
    };
  };

function checkPartNumber(number: number | undefined): number {
  if (number === undefined || !Number.isInteger(number) || number < 1 || number > MAX_PART_NUMBER)
    throw invalidArgument(
      `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`,
      'partNumber',
      String(number),
    );
  return number;
}

function copyRange(header: string | undefined, sizeBytes: number): ByteRange {
  if (header === undefined) return { from: 0, to: sizeBytes };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header)?.map(Number) ?? [];
  const fault = (message: string) => invalidArgument(message, 'x-amz-copy-source-range', header);
  if (first === undefined || last === undefined || last < first)
    throw fault(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    );
  if (first >= sizeBytes)
    throw invalidRequest('The specified copy range is invalid for the source object size');
  if (last >= sizeBytes) throw fault(`Range specified is not valid for source object of size: ${sizeBytes}`);
  return { from: first, to: last + 1 };
}

/** Stores a received part. Throws NoSuchUpload if the upload ended meanwhile. */
function commitPart(s3: S3Core, upload: MultipartUpload, number: number, part: Upload, target: UploadTarget) {
  const { staged, etag, checksum } = part;
  try {
    s3.database.transaction(() => {
      findUpload(s3, target);
      const body = s3.bodies.adopt(staged);
      s3.uploads.putPart(upload, {
        number,
        body,
        size: staged.size,
        etag,
        checksum,
        lastModified: nowSeconds(s3),
      });
    });
  } catch (error) {
    s3.bodies.discard(staged);
    throw error;
  }
}
