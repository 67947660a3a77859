import { OWNER, type S3Action, type S3Core } from '../core.ts';
import { pageSize, partNumberMarker } from '../listing/page.ts';
import { checksumMember } from '../payload/checksums.ts';
import { STANDARD } from '../rules/storage-class.ts';
import { findUpload } from './upload-part.ts';

export const listParts =
  (s3: S3Core): S3Action<'ListParts'> =>
  (input) => {
    const upload = findUpload(s3, input);
    const { plan } = upload;
    const size = pageSize(input.MaxParts, 'max-parts');
    const marker = partNumberMarker(input.PartNumberMarker);
    const parts = s3.uploads.parts(upload, marker);
    const page = parts.slice(0, size);
    return {
      Bucket: input.Bucket,
      Key: upload.key,
      UploadId: upload.id,
      PartNumberMarker: String(marker),
      NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
      MaxParts: size,
      IsTruncated: page.length < parts.length,
      Parts: page.map(({ number, size: partSize, etag, checksum, lastModified }) => ({
        PartNumber: number,
        Size: partSize,
        ETag: `"${etag}"`,
        LastModified: new Date(lastModified),
        ...(plan.isChecksumNamed && { [checksumMember(plan.algorithm)]: checksum }),
      })),
      Initiator: { ID: plan.initiator },
      Owner: OWNER,
      StorageClass: (plan.facts.storageClass ?? STANDARD) as 'STANDARD',
      ...(plan.isChecksumNamed && { ChecksumAlgorithm: plan.algorithm, ChecksumType: plan.checksumType }),
    };
  };
