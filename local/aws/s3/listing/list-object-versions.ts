import type { ListObjectVersionsOutput } from '@aws-sdk/client-s3';
import { bucketOf, OWNER, type S3Action, type S3Core, type S3Input } from '../core.ts';
import { invalidArgument } from '../errors.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectVersion } from '../store/version.ts';
import { sequenceOf, wasIssued } from '../store/version-ids.ts';
import { listedVersion } from './list-objects.ts';
import { addRegion, afterMarker, keyEncoder, type Page, pageSize, readPage } from './page.ts';
import type { Position } from './walk.ts';

export const listObjectVersions =
  (s3: S3Core): S3Action<'ListObjectVersions'> =>
  (input, { response }) => {
    const bucket = bucketOf(s3, input);
    addRegion(bucket, response.headers);
    const { Prefix: prefix = '', Delimiter: delimiter = '' } = input;
    const size = pageSize(input.MaxKeys);
    const encode = keyEncoder(input.EncodingType);
    const options = {
      bucket: bucket.id,
      prefix,
      delimiter,
      start: startOf(s3, bucket, input),
      allVersions: true,
    };
    const page = readPage(s3, options, size);
    return {
      Name: bucket.name,
      Prefix: encode(prefix),
      KeyMarker: encode(input.KeyMarker ?? ''),
      VersionIdMarker: input.VersionIdMarker ?? '',
      MaxKeys: size,
      IsTruncated: page.isTruncated,
      ...(input.Delimiter && { Delimiter: encode(delimiter) }),
      ...(input.EncodingType && { EncodingType: input.EncodingType }),
      ...(page.isTruncated && page.last && nextMarkers(page.last, encode)),
      ...entries(page, encode),
    };
  };

function entries(
  { versions, commonPrefixes }: Page,
  encode: (text: string) => string,
): ListObjectVersionsOutput {
  const common = ({ versionId, isLatest }: ObjectVersion) => ({
    VersionId: versionId,
    IsLatest: isLatest,
    Owner: OWNER,
  });
  const [markers, objects] = [versions.filter(isMarker), versions.filter((version) => !isMarker(version))];
  return {
    ...(objects.length > 0 && {
      Versions: objects.map((version) => ({
        ...listedVersion(version, encode),
        StorageClass: (version.facts.storageClass ?? 'STANDARD') as 'STANDARD',
        ...common(version),
      })),
    }),
    ...(markers.length > 0 && {
      DeleteMarkers: markers.map((version) => ({
        Key: encode(version.key),
        LastModified: new Date(version.lastModified),
        ...common(version),
      })),
    }),
    ...(commonPrefixes.length > 0 && {
      CommonPrefixes: commonPrefixes.map((commonPrefix) => ({ Prefix: encode(commonPrefix) })),
    }),
  };
}

const isMarker = ({ isDeleteMarker }: ObjectVersion) => isDeleteMarker;

function startOf(s3: S3Core, bucket: Bucket, input: S3Input<'ListObjectVersions'>): Position {
  const {
    KeyMarker: key = '',
    VersionIdMarker: versionId = '',
    Prefix: prefix = '',
    Delimiter: delimiter = '',
  } = input;
  if (versionId !== '' && key === '')
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      versionId,
    );
  if (key === '') return { from: prefix };
  const version = versionId === '' ? undefined : s3.objects.version(bucket.id, key, versionId);
  return version
    ? { afterVersion: version }
    : (afterDeletedVersion(s3, bucket, key, versionId) ?? afterMarker(key, prefix, delimiter));
}

/** The position after a version that was deleted since the last page: before the next older version of its key. */
function afterDeletedVersion(
  s3: S3Core,
  bucket: Bucket,
  key: string,
  versionId: string,
): Position | undefined {
  const sequence = sequenceOf(versionId);
  if (sequence === undefined || !wasIssued(key, versionId)) return undefined;
  const older = s3.objects
    .versionsOf(bucket.id, key)
    .find((version) => (sequenceOf(version.versionId) ?? 0) < sequence);
  return older && { afterVersion: { key, until: older.until + 1 } };
}

const nextMarkers = (last: NonNullable<Page['last']>, encode: (text: string) => string) =>
  'version' in last
    ? { NextKeyMarker: encode(last.version.key), NextVersionIdMarker: last.version.versionId }
    : { NextKeyMarker: encode(last.commonPrefix) };
