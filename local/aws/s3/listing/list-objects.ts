import type { _Object as ListedObject, ListObjectsV2Output } from '@aws-sdk/client-s3';
import { bucketOf, OWNER, type S3Action, type S3Core, type S3Input } from '../core.ts';
import { describeRestoreStatus } from '../rules/restore.ts';
import { STANDARD } from '../rules/storage-class.ts';
import type { ObjectVersion } from '../store/version.ts';
import {
  addRegion,
  afterMarker,
  keyEncoder,
  type Page,
  pageSize,
  readPage,
  readToken,
  tokenAfter,
} from './page.ts';

type ListInput = S3Input<'ListObjects'> & S3Input<'ListObjectsV2'>;

export const listObjectsV2 =
  (s3: S3Core): S3Action<'ListObjectsV2'> =>
  (input, { response }) => {
    const marker =
      input.ContinuationToken === undefined ? input.StartAfter : readToken(input.ContinuationToken);
    const { page, encode, answer } = list(s3, input, marker, input.FetchOwner === true, response.headers);
    return {
      ...answer,
      KeyCount: page.versions.length + page.commonPrefixes.length,
      ContinuationToken: input.ContinuationToken,
      // S3 ignores StartAfter when the request has a token.
      ...(input.ContinuationToken === undefined &&
        input.StartAfter !== undefined && { StartAfter: encode(input.StartAfter) }),
      ...(page.isTruncated && page.last && { NextContinuationToken: tokenAfter(page.last) }),
    };
  };

export const listObjects =
  (s3: S3Core): S3Action<'ListObjects'> =>
  (input, { response }) => {
    const { page, encode, answer } = list(s3, input, input.Marker, true, response.headers);
    return {
      ...answer,
      Marker: encode(input.Marker ?? ''),
      // Without a delimiter, S3 omits NextMarker: the last key is the next marker.
      ...(page.isTruncated && page.last && input.Delimiter && { NextMarker: encode(nameOf(page.last)) }),
    };
  };

const nameOf = (entry: NonNullable<Page['last']>) =>
  'version' in entry ? entry.version.key : entry.commonPrefix;

function list(
  s3: S3Core,
  input: ListInput,
  marker: string | undefined,
  withOwner: boolean,
  headers: Record<string, string>,
) {
  const bucket = bucketOf(s3, input);
  addRegion(bucket, headers);
  const { Prefix: prefix = '', Delimiter: delimiter = '' } = input;
  const size = pageSize(input.MaxKeys);
  const encode = keyEncoder(input.EncodingType);
  const withRestore = input.OptionalObjectAttributes?.some((name) => name === 'RestoreStatus') === true;
  const start = marker ? afterMarker(marker, prefix, delimiter) : { from: prefix };
  const page = readPage(s3, { bucket: bucket.id, prefix, delimiter, start, allVersions: false }, size);
  const answer: ListObjectsV2Output = {
    Name: bucket.name,
    Prefix: encode(prefix),
    MaxKeys: size,
    IsTruncated: page.isTruncated,
    ...(input.Delimiter && { Delimiter: encode(delimiter) }),
    ...(input.EncodingType && { EncodingType: input.EncodingType }),
    ...(page.versions.length > 0 && {
      Contents: page.versions.map((version) => ({
        ...listedVersion(version, encode),
        ...(withOwner && { Owner: OWNER }),
        ...(withRestore && describeRestoreStatus(s3, version.facts)),
      })),
    }),
    ...(page.commonPrefixes.length > 0 && {
      CommonPrefixes: page.commonPrefixes.map((commonPrefix) => ({ Prefix: encode(commonPrefix) })),
    }),
  };
  return { page, encode, answer };
}

/** The members that describe a version in every list. */
export const listedVersion = (version: ObjectVersion, encode: (text: string) => string) =>
  ({
    Key: encode(version.key),
    LastModified: new Date(version.lastModified),
    ETag: `"${version.etag}"`,
    Size: version.size,
    StorageClass: (version.facts.storageClass ?? STANDARD) as 'STANDARD',
    ...(version.facts.checksum && {
      ChecksumAlgorithm: [version.facts.checksum.algorithm],
      ChecksumType: version.facts.checksum.type,
    }),
  }) satisfies ListedObject;
