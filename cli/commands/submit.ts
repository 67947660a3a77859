/** What creating a job has in common, in whatever way its body came to be. */
import { randomUUID } from 'node:crypto';
import type { DryRun } from '../../functions/core/generated/dry-run.mjs';
import type { JobRequest } from '../../functions/core/generated/job-request.mjs';
import type { JobResource } from '../../functions/core/generated/job-resource.mjs';
import type { Context } from '../command.ts';
import { type ExitCode, exitCodes, usageError } from '../exit-codes.ts';
import { sourceOf } from '../input/source.ts';
import { tagsOf } from '../input/values.ts';
import { dryRunText } from '../output/dry-run-text.ts';
import { printJob } from '../output/job-text.ts';
import { objectsText } from '../output/words.ts';
import { agree } from './agree.ts';
import { exitCodeAfterWait, waitFor } from './wait.ts';

/** Sends the request that the operation and the options make. */
export async function submitOperation(
  operation: JobRequest['Operation'],
  context: Context,
): Promise<ExitCode> {
  const source = await sourceOf(context);
  if (!source) throw usageError('Name the objects with --manifest, --objects or --prefix');
  return submitBody({ Operation: operation, ...source }, context);
}

/** Sends a body, with what the options say over it. */
export async function submitBody(given: object, context: Context): Promise<ExitCode> {
  const { input, api, terminal } = context;
  const body = { ...given, ...overrides(context) } as JobRequest;
  const dryRun = () => api.json<DryRun>({ method: 'POST', path: '/jobs?dryRun=true', body });
  if (input.has('dry-run')) {
    const found = await dryRun();
    terminal.print(input.has('json') ? JSON.stringify(found, null, 2) : dryRunText(found, terminal));
    return found.wouldStart ? exitCodes.done : exitCodes.usage;
  }
  if (deletes(body)) {
    const { objects } = await dryRun();
    await agree(`Delete ${objects ? objectsText(objects.likely) : 'all objects that S3 lists'}?`, context);
  }
  const dryRunId = input.text('dry-run-id');
  const query = dryRunId ? `?dryRunId=${encodeURIComponent(dryRunId)}` : '';
  // A key of our own: a call that is sent again after a lost answer must not make a second job.
  return start(`/jobs${query}`, body, input.text('idempotency-key') ?? randomUUID(), context);
}

/** POSTs what starts a job, and waits for its end with `--wait`. */
export async function start(
  path: string,
  body: object,
  key: string | undefined,
  context: Context,
): Promise<ExitCode> {
  const { input, api, terminal } = context;
  const job = await api.json<JobResource>({
    ...{ method: 'POST', path, body },
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  });
  if (!input.has('wait')) {
    printJob(job, context);
    if (!input.has('json')) terminal.say(`Wait for it: bucket-brigade jobs wait ${job.jobRequestId}`);
    return exitCodes.done;
  }
  if (!input.has('json')) terminal.say(`Job request ${job.jobRequestId}`);
  const jobs = await waitFor([job.jobRequestId], context);
  for (const ended of jobs) printJob(ended, context);
  return exitCodeAfterWait(jobs);
}

function overrides({ input }: Context): Partial<JobRequest> {
  const priority = input.integer('priority', 0);
  const description = input.text('description');
  const tags = tagsOf('tag', input.list('tag'));
  return {
    ...(description !== undefined && { Description: description }),
    ...(priority !== undefined && { Priority: priority }),
    ...(tags.length > 0 && { Tags: tags }),
    ...(input.has('require-confirmation') && { ConfirmationRequired: true }),
  };
}

const deletes = ({ Operation }: JobRequest): boolean => {
  const { action, mode } = (Operation?.LambdaInvoke?.UserArguments ?? {}) as Record<string, string>;
  return action === 'delete-object' && mode !== 'report-only';
};
