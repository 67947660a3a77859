/** The objects of a job request, out of `--manifest`, `--objects`, `--prefix` or `--rows-of`. */
import { readFile } from 'node:fs/promises';
import type { JobRequest } from '../../functions/core/generated/job-request.mjs';
import type { Context } from '../command.ts';
import { usageError } from '../exit-codes.ts';
import { count, counted } from '../output/words.ts';
import { manifestAt, objectsUnder, s3LocationOf } from './values.ts';

type Source = Pick<JobRequest, 'Manifest' | 'ManifestGenerator' | 'Objects' | 'RowsOf'>;

/** What one body takes: docs/api.md. */
const MAX_OBJECTS = 10_000;
const MAX_BYTES = 1_000_000;

/** Reads a file, or stdin for `-`. Throws a usage error when it cannot be read. */
export const readText = ({ terminal }: Context, file: string): Promise<string> =>
  file === '-'
    ? terminal.readInput()
    : readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw usageError(`${file} cannot be read (${error.code ?? error.message})`);
      });

/** Undefined when none of the options is given. Throws a usage error for more than one. */
export async function sourceOf(context: Context): Promise<Source | undefined> {
  const { input } = context;
  const sources = ['manifest', 'objects', 'prefix', 'rows-of'].map(input.text);
  const [manifest, objects, prefix, JobRequestId] = sources;
  const given = sources.filter((value) => value !== undefined).length;
  if (given > 1) throw usageError(`Use one of --manifest, --objects, --prefix and --rows-of, not ${given}`);
  if (JobRequestId !== undefined) {
    const [Codes, Results] = [input.list('code'), input.list('result')] as never[][];
    const chosen = { ...(Codes?.length && { Codes }), ...(Results?.length && { Results }) };
    const Rows = (input.text('rows') ?? 'Succeeded') as NonNullable<JobRequest['RowsOf']>['Rows'];
    return { RowsOf: { JobRequestId, Rows, ...chosen } as NonNullable<JobRequest['RowsOf']> };
  }
  if (manifest !== undefined) return manifestAt('--manifest', manifest, input.text('fields')?.split(','));
  if (prefix !== undefined) return objectsUnder('--prefix', prefix);
  if (objects === undefined) return undefined;
  return listSource(objectsOf(await readText(context, objects), input.text('bucket')), context);
}

/** The list itself where a body takes it, else a manifest of it in the bucket that the user names. */
async function listSource(objects: ListedObject[], { input, env, terminal }: Context): Promise<Source> {
  const isSmall = objects.length <= MAX_OBJECTS && JSON.stringify(objects).length <= MAX_BYTES;
  const buckets = new Set(objects.map(({ Bucket }) => Bucket)).size;
  if (isSmall && buckets === 1) return { Objects: objects as NonNullable<JobRequest['Objects']> };
  const target = input.text('manifest-bucket');
  if (target === undefined)
    throw usageError(
      `--objects: ${counted(objects.length, 'object')} of ${counted(buckets, 'bucket')} do not fit into one request, which takes ${count(MAX_OBJECTS)} objects of one bucket in 1 MB: add --manifest-bucket BUCKET to store them as a manifest`,
    );
  const { uploadManifest } = await import('../api/upload.ts');
  const { csv, fields } = manifestOf(objects);
  const location = s3LocationOf('--manifest-bucket', `s3://${target}`);
  const { address, etag } = await uploadManifest(csv, location, env);
  terminal.say(`Stored ${counted(objects.length, 'row')} as ${address}`);
  return manifestAt('--manifest-bucket', address, fields, etag);
}

type ListedObject = { Bucket: string; Key: string; VersionId?: string };
type Listing = Partial<Record<'Contents' | 'Versions', { Key: string; VersionId?: string }[]>>;

/** A key a line, s3:// addresses, or the JSON of `aws s3api list-objects-v2`. `bucket` is for keys that come without one. Throws a usage error that names the line. */
function objectsOf(text: string, bucket: string | undefined): ListedObject[] {
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
  const remedy = 'use the output of aws s3api list-objects-v2';
  throw usageError(`--objects: the JSON has neither Contents nor Versions; ${remedy}`);
}

/** A manifest of S3 Batch Operations: keys form-encoded, as S3 decodes them. */
function manifestOf(objects: readonly ListedObject[]): { csv: string; fields: string[] } {
  const encoded = (key: string) => encodeURIComponent(key).replace(/%2F/g, '/').replace(/'/g, '%27');
  const hasVersions = objects.some(({ VersionId }) => VersionId !== undefined);
  const lines = objects.map(
    ({ Bucket, Key, VersionId = '' }) => `${Bucket},${encoded(Key)}${hasVersions ? `,${VersionId}` : ''}\n`,
  );
  return { csv: lines.join(''), fields: ['Bucket', 'Key', ...(hasVersions ? ['VersionId'] : [])] };
}
