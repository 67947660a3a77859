import type { GetObjectAttributesParts } from '@aws-sdk/client-s3';
import type { S3Action, S3Core, S3Input } from '../core.ts';
import { invalidArgument } from '../errors.ts';
import { partNumberMarker } from '../listing/page.ts';
import { checksumMember } from '../payload/checksums.ts';
import { checkReadKey } from '../rules/encryption.ts';
import { STANDARD } from '../rules/storage-class.ts';
import { describeVersionId, findVersion } from '../rules/versions.ts';
import type { ObjectVersion } from '../store/version.ts';
import { describeChecksum } from './describe-version.ts';

const MAX_PARTS = 1000;
const ATTRIBUTES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'];

export const getObjectAttributes =
  (s3: S3Core): S3Action<'GetObjectAttributes'> =>
  (input, { response }) => {
    const { bucket, version } = findVersion(s3, input, response.headers);
    checkReadKey(version.facts, input);
    const wanted = new Set<string>(input.ObjectAttributes);
    for (const name of wanted)
      if (!ATTRIBUTES.includes(name))
        throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', name);
    const parts = wanted.has('ObjectParts') && describeParts(version, input);
    return {
      LastModified: new Date(version.lastModified),
      VersionId: describeVersionId(bucket, version),
      ...(wanted.has('ETag') && { ETag: version.etag }),
      ...(wanted.has('Checksum') && version.facts.checksum && { Checksum: describeOwnChecksum(version) }),
      ...(parts && { ObjectParts: parts }),
      ...(wanted.has('StorageClass') && {
        StorageClass: (version.facts.storageClass ?? STANDARD) as 'STANDARD',
      }),
      ...(wanted.has('ObjectSize') && { ObjectSize: version.size }),
    };
  };

/** Here, a composite checksum does not end with the number of parts. */
function describeOwnChecksum(version: ObjectVersion) {
  const { checksum } = version.facts;
  if (checksum?.type !== 'COMPOSITE') return describeChecksum(version);
  return {
    [checksumMember(checksum.algorithm)]: checksum.value.replace(/-\d+$/, ''),
    ChecksumType: checksum.type,
  };
}

/**
 * One page of the parts, for a version that was uploaded in parts. With a full-object checksum, S3 returns only the
 * number of parts.
 */
function describeParts(
  { facts: { parts, checksum } }: ObjectVersion,
  { MaxParts, PartNumberMarker }: S3Input<'GetObjectAttributes'>,
): GetObjectAttributesParts | undefined {
  if (!parts || !checksum) return undefined;
  if (checksum.type === 'FULL_OBJECT') return { TotalPartsCount: parts.length };
  const size = Math.min(MaxParts ?? MAX_PARTS, MAX_PARTS);
  const after = partNumberMarker(PartNumberMarker);
  const page = parts.map((part, index) => ({ ...part, number: index + 1 })).slice(after, after + size);
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: String(after),
    NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
    MaxParts: size,
    IsTruncated: after + page.length < parts.length,
    Parts: page.map((part) => ({
      PartNumber: part.number,
      Size: part.size,
      [checksumMember(checksum.algorithm)]: part.checksum,
    })),
  };
}
