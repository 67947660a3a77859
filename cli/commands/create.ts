import type { JobRequest } from '../../functions/core/generated/job-request.mjs';
import type { Context, Run } from '../command.ts';
import { usageError } from '../exit-codes.ts';
import { readText, sourceOf } from '../input/source.ts';
import { pairsOf, s3LocationOf, tagsOf } from '../input/values.ts';
import { submitBody, submitOperation } from './submit.ts';

/** jobs create: a whole body from a file, or an operation and a source. */
export const create: Run = async (context) => {
  const { input } = context;
  const file = input.text('file');
  if (file === undefined) return submitOperation(operationOf(input.text('operation')), context);
  if (input.has('operation')) throw usageError('Use one of --file and --operation');
  const body = parsed<object>(await readText(context, file), file);
  return submitBody({ ...body, ...(await sourceOf(context)) }, context);
};

/** The Operation member as JSON, or the name of an operation that takes no arguments. */
function operationOf(text: string | undefined): JobRequest['Operation'] {
  if (text === undefined) throw usageError('Name what to run: --file job.json, or --operation');
  if (text.trimStart().startsWith('{')) return parsed<JobRequest['Operation']>(text, '--operation');
  return { [text]: {} } as unknown as JobRequest['Operation'];
}

function parsed<T>(text: string, name: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw usageError(`${name} is no JSON: ${(error as Error).message}`);
  }
}

const required = ({ input }: Context, name: string): string => {
  const value = input.text(name);
  if (value === undefined) throw usageError(`--${name} is missing`);
  return value;
};

/** jobs tag: replaces all tags of each object. */
export const tag: Run = async (context) => {
  const TagSet = tagsOf('set', context.input.list('set'));
  if (TagSet.length === 0) throw usageError('--set is missing: --set team=media');
  return submitOperation({ S3PutObjectTagging: { TagSet } }, context);
};

/** jobs untag: removes all tags of each object. */
export const untag: Run = (context) => submitOperation({ S3DeleteObjectTagging: {} }, context);

/** jobs copy: copies each object of at most 5 GB to another bucket or prefix. */
export const copy: Run = async (context) => {
  const { bucket, key } = s3LocationOf('to', required(context, 'to'));
  const storageClass = context.input.text('storage-class');
  return submitOperation(
    {
      S3PutObjectCopy: {
        TargetResource: `arn:aws:s3:::${bucket}`,
        ...(key && { TargetKeyPrefix: key.replace(/\/$/, '') }),
        ...(storageClass !== undefined && { StorageClass: storageClass as never }),
      },
    },
    context,
  );
};

/** jobs restore: makes archived objects readable for some days. */
export const restore: Run = async (context) => {
  const days = context.input.integer('days', 1);
  if (days === undefined) throw usageError('--days is missing');
  const tier = (context.input.text('tier') ?? 'BULK') as 'BULK' | 'STANDARD';
  return submitOperation(
    { S3InitiateRestoreObject: { ExpirationInDays: days, GlacierJobTier: tier } },
    context,
  );
};

/** jobs run: an action of the worker. */
export const runAction: Run = async (context) => {
  const [action = ''] = context.input.positionals;
  const given = Object.fromEntries(pairsOf('arg', context.input.list('arg')));
  return submitOperation({ LambdaInvoke: { UserArguments: { action, ...given } } }, context);
};
