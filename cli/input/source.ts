/** The objects of a job request, out of `--manifest`, `--objects` or `--prefix`. */
import { readFile } from 'node:fs/promises';
import type { JobRequest } from '../../functions/core/generated/job-request.mjs';
import type { Context } from '../command.ts';
import { usageError } from '../exit-codes.ts';
import { csvOf, fieldsOf, type ListedObject, objectsOf } from './objects.ts';
import { s3LocationOf } from './values.ts';

type Source = Pick<JobRequest, 'Manifest' | 'ManifestGenerator' | 'Objects'>;

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
  const given = ['manifest', 'objects', 'prefix'].filter((name) => input.has(name));
  if (given.length > 1)
    throw usageError(`Use one of --manifest, --objects and --prefix, not ${given.length}`);
  const [manifest, objects, prefix] = ['manifest', 'objects', 'prefix'].map(input.text);
  if (manifest !== undefined) return { Manifest: manifestAt(manifest, input.text('fields')?.split(',')) };
  if (prefix !== undefined) return { ManifestGenerator: generatorOf(prefix) };
  if (objects === undefined) return undefined;
  return listSource(objectsOf(await readText(context, objects), input.text('bucket')), context);
}

function manifestAt(address: string, fields: string[] | undefined): NonNullable<JobRequest['Manifest']> {
  const { bucket, key } = s3LocationOf('manifest', address);
  if (!key) throw usageError(`--manifest ${address}: the key is missing`);
  return {
    ...(fields && { Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: fields as never } }),
    Location: { ObjectArn: `arn:aws:s3:::${bucket}/${key}` },
  };
}

function generatorOf(address: string): NonNullable<JobRequest['ManifestGenerator']> {
  const { bucket, key } = s3LocationOf('prefix', address);
  return {
    S3JobManifestGenerator: {
      SourceBucket: `arn:aws:s3:::${bucket}`,
      EnableManifestOutput: false,
      ...(key && { Filter: { KeyNameConstraint: { MatchAnyPrefix: [key] } } }),
    },
  };
}

/** The list itself where a body takes it, else a manifest of it in the bucket that the user names. */
async function listSource(objects: ListedObject[], { input, env, terminal }: Context): Promise<Source> {
  const isSmall = objects.length <= MAX_OBJECTS && JSON.stringify(objects).length <= MAX_BYTES;
  const buckets = new Set(objects.map(({ Bucket }) => Bucket)).size;
  if (isSmall && buckets === 1) return { Objects: objects as NonNullable<JobRequest['Objects']> };
  const target = input.text('manifest-bucket');
  if (target === undefined)
    throw usageError(
      `--objects: ${objects.length} objects of ${buckets} ${buckets === 1 ? 'bucket' : 'buckets'} do not fit into one request, which takes 10,000 objects of one bucket in 1 MB: add --manifest-bucket BUCKET to store them as a manifest`,
    );
  const { uploadManifest } = await import('../api/upload.ts');
  const location = s3LocationOf('manifest-bucket', `s3://${target}`);
  const { key, etag } = await uploadManifest(csvOf(objects), location, env);
  terminal.say(`Stored ${objects.length} rows as s3://${location.bucket}/${key}`);
  return {
    Manifest: {
      Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: fieldsOf(objects) as never },
      Location: { ObjectArn: `arn:aws:s3:::${location.bucket}/${key}`, ETag: etag },
    },
  };
}
