/** The objects of a job request, out of `--manifest`, `--objects` or `--prefix`. */
import { readFile } from 'node:fs/promises';
import type { JobRequest } from '../../functions/core/generated/job-request.mjs';
import type { Context } from '../command.ts';
import { usageError } from '../exit-codes.ts';
import { count, counted } from '../output/words.ts';
import { type ListedObject, manifestOf, objectsOf } from './objects.ts';
import { manifestAt, objectsUnder, s3LocationOf } from './values.ts';

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
  const [manifest, objects, prefix] = ['manifest', 'objects', 'prefix'].map(input.text);
  const given = [manifest, objects, prefix].filter((value) => value !== undefined).length;
  if (given > 1) throw usageError(`Use one of --manifest, --objects and --prefix, not ${given}`);
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
  const { address, etag } = await uploadManifest(
    csv,
    s3LocationOf('--manifest-bucket', `s3://${target}`),
    env,
  );
  terminal.say(`Stored ${counted(objects.length, 'row')} as ${address}`);
  return manifestAt('--manifest-bucket', address, fields, etag);
}
