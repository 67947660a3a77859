/** Lists of objects as users have them: a key a line, s3:// addresses, or the JSON of `aws s3api list-objects`. */
import { usageError } from '../exit-codes.ts';
import { s3LocationOf } from './values.ts';

export interface ListedObject {
  Bucket: string;
  Key: string;
  VersionId?: string;
}

type Listing = Partial<Record<'Contents' | 'Versions', { Key: string; VersionId?: string }[]>>;

/** `bucket` is for keys that come without one. Throws a usage error that names the line. */
export function objectsOf(text: string, bucket: string | undefined): ListedObject[] {
  const inBucket = (Key: string, what: string): ListedObject => {
    if (bucket === undefined)
      throw usageError(`--objects: ${what} has a key and no bucket: add --bucket NAME`);
    return { Bucket: bucket, Key };
  };
  const listing = listingOf(text);
  const objects = listing
    ? [...(listing.Contents ?? []), ...(listing.Versions ?? [])].map(({ Key, VersionId }) => ({
        ...inBucket(Key, 'the JSON'),
        ...(VersionId !== undefined && { VersionId }),
      }))
    : text.split(/\r?\n/).flatMap((line, i) => {
        if (line === '') return [];
        if (!line.startsWith('s3://')) return [inBucket(line, `line ${i + 1}`)];
        const { bucket: Bucket, key: Key } = s3LocationOf('--objects', line);
        if (!Key) throw usageError(`--objects: line ${i + 1} names a bucket and no key: ${line}`);
        return [{ Bucket, Key }];
      });
  if (objects.length === 0) throw usageError('--objects: the list is empty; nothing would run');
  return objects;
}

function listingOf(text: string): Listing | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const listing = JSON.parse(text) as Listing;
    if (Array.isArray(listing.Contents) || Array.isArray(listing.Versions)) return listing;
  } catch {
    return undefined; // a key may begin with a brace
  }
  throw usageError(
    '--objects: the JSON has neither Contents nor Versions; use the output of aws s3api list-objects-v2',
  );
}

/** A manifest of S3 Batch Operations: keys form-encoded, as S3 decodes them. */
export function manifestOf(objects: readonly ListedObject[]): { csv: string; fields: string[] } {
  const encoded = (key: string) => encodeURIComponent(key).replace(/%2F/g, '/').replace(/'/g, '%27');
  const hasVersions = objects.some(({ VersionId }) => VersionId !== undefined);
  const lines = objects.map(
    ({ Bucket, Key, VersionId = '' }) => `${Bucket},${encoded(Key)}${hasVersions ? `,${VersionId}` : ''}\n`,
  );
  return { csv: lines.join(''), fields: ['Bucket', 'Key', ...(hasVersions ? ['VersionId'] : [])] };
}
