import { bucketOf, OWNER, type S3Action, type S3Core, type S3Input } from '../core.ts';
import { invalidArgument } from '../errors.ts';
import { addRegion, keyEncoder, pageSize } from '../listing/page.ts';
import { STANDARD } from '../rules/storage-class.ts';
import type { MultipartUpload } from '../store/uploads.ts';

export const listMultipartUploads =
  (s3: S3Core): S3Action<'ListMultipartUploads'> =>
  (input, { response }) => {
    const bucket = bucketOf(s3, input);
    addRegion(bucket, response.headers);
    const encode = keyEncoder(input.EncodingType);
    const size = pageSize(input.MaxUploads, 'max-uploads');
    const { uploads, commonPrefixes, last, isTruncated } = readPage(s3, bucket.id, input, size);
    return {
      Bucket: bucket.name,
      KeyMarker: encode(input.KeyMarker ?? ''),
      UploadIdMarker: (input.KeyMarker && input.UploadIdMarker) ?? '',
      MaxUploads: size,
      IsTruncated: isTruncated,
      ...(input.Prefix !== undefined && { Prefix: encode(input.Prefix) }),
      ...(input.Delimiter && { Delimiter: encode(input.Delimiter) }),
      ...(input.EncodingType && { EncodingType: input.EncodingType }),
      NextKeyMarker: encode(last?.key ?? ''),
      NextUploadIdMarker: last?.id ?? '',
      Uploads: uploads.map(({ id, key, initiated, plan }) => ({
        UploadId: id,
        Key: encode(key),
        Initiated: new Date(initiated),
        StorageClass: (plan.facts.storageClass ?? STANDARD) as 'STANDARD',
        Owner: OWNER,
        Initiator: { ID: plan.initiator },
        ...(plan.isChecksumNamed && { ChecksumAlgorithm: plan.algorithm, ChecksumType: plan.checksumType }),
      })),
      CommonPrefixes: [...commonPrefixes].map((commonPrefix) => ({ Prefix: encode(commonPrefix) })),
    };
  };

/** One page of the uploads of a bucket. A bucket has few uploads, so the page is found by reading all of them. */
function readPage(s3: S3Core, bucket: number, input: S3Input<'ListMultipartUploads'>, size: number) {
  const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: key = '' } = input;
  const uploads: MultipartUpload[] = [];
  const commonPrefixes = new Set<string>();
  let last: MultipartUpload | undefined;
  for (const upload of s3.uploads.list(bucket, key, markedUpload(s3, bucket, input))) {
    if (!upload.key.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length);
    const commonPrefix = end < 0 ? undefined : upload.key.slice(0, end + delimiter.length);
    const isNew =
      commonPrefix === undefined || !(commonPrefixes.has(commonPrefix) || key.startsWith(commonPrefix));
    if (isNew && uploads.length + commonPrefixes.size === size)
      return { uploads, commonPrefixes, last, isTruncated: size > 0 };
    if (commonPrefix === undefined) uploads.push(upload);
    else if (isNew) commonPrefixes.add(commonPrefix);
    last = upload;
  }
  return { uploads, commonPrefixes, last, isTruncated: false };
}

/** The upload that the markers of a request name. S3 ignores an upload id marker without a key marker. */
function markedUpload(
  s3: S3Core,
  bucket: number,
  { KeyMarker: key, UploadIdMarker: id }: S3Input<'ListMultipartUploads'>,
): MultipartUpload | undefined {
  if (!key || !id) return undefined;
  const upload = s3.uploads.find(bucket, key, id);
  if (!upload) throw invalidArgument('Invalid uploadId marker', 'upload-id-marker', id);
  return upload;
}
