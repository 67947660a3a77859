/** Commands that make a job request, and what they have in common. */
import { randomUUID } from 'node:crypto';
import type { DryRun } from '../../functions/core/generated/dry-run.mjs';
import type { JobRequest } from '../../functions/core/generated/job-request.mjs';
import type { JobResource } from '../../functions/core/generated/job-resource.mjs';
import type { Context, Run } from '../command.ts';
import { CliError, type ExitCode, exitCodes, usageError } from '../exit-codes.ts';
import { readText, sourceOf } from '../input/source.ts';
import * as values from '../input/values.ts';
import { dryRunText, jobText } from '../output/job-text.ts';
import { expectedText } from '../output/words.ts';
import { exitCodeAfterWait, waitFor } from './wait.ts';

/** A whole body from a file, or an operation and a source. */
export const create: Run = async (context) => {
  const { input } = context;
  const file = input.text('file');
  if (file === undefined) return submitOperation(operationOf(input.text('operation')), context);
  if (input.has('operation')) throw usageError('Use one of --file and --operation');
  const body = values.parsed<object>(await readText(context, file), file);
  return submitBody({ ...body, ...(await sourceOf(context)) }, context);
};

/** The Operation member as JSON, or the name of an operation that takes no arguments. */
function operationOf(text: string | undefined): JobRequest['Operation'] {
  if (text === undefined) throw usageError('Name what to run: --file job.json, or --operation');
  if (text.trimStart().startsWith('{')) return values.parsed<JobRequest['Operation']>(text, '--operation');
  return { [text]: {} } as unknown as JobRequest['Operation'];
}

export const tag: Run = async (context) => {
  const pairs = context.input.list('set');
  if (pairs.length === 0) throw usageError('--set is missing: --set team=media');
  return submitOperation(values.tagging('--set', pairs), context);
};

export const untag: Run = (context) => submitOperation({ S3DeleteObjectTagging: {} }, context);

export const copy: Run = async (context) => {
  const address = context.input.text('to');
  if (address === undefined) throw usageError('--to is missing');
  return submitOperation(values.copying('--to', address, context.input.text('storage-class')), context);
};

export const restore: Run = async (context) => {
  const days = context.input.integer('days', 1);
  if (days === undefined) throw usageError('--days is missing');
  return submitOperation(values.restoring(days, context.input.text('tier') ?? 'BULK'), context);
};

export const runAction: Run = async (context) => {
  const [action = ''] = context.input.positionals;
  const given = Object.fromEntries(values.pairsOf('--arg', context.input.list('arg')));
  return submitOperation(values.acting(action, given), context);
};

/** Asks before what cannot be taken back. Without a terminal it never asks: then `--yes` is required. */
export async function agree(question: string, { input, terminal }: Context): Promise<void> {
  if (input.has('yes')) return;
  if (!terminal.canAsk) throw usageError(`${question} stdin is no terminal: add --yes`);
  if (!(await terminal.ask(question))) throw new CliError(exitCodes.failure, 'Nothing was done.');
}

/** Sends the request that the operation and the options make. */
async function submitOperation(Operation: JobRequest['Operation'], context: Context) {
  const source = await sourceOf(context);
  if (!source) throw usageError('Name the objects with --manifest, --objects, --prefix or --rows-of');
  return submitBody({ Operation, ...source }, context);
}

/** Sends a body, with what the options say over it. */
async function submitBody(given: object, context: Context): Promise<ExitCode> {
  const { input, api, terminal, show } = context;
  const body = { ...given, ...overrides(context) } as JobRequest;
  const dryRun = () => api.json<DryRun>({ method: 'POST', path: '/jobs?dryRun=true', body });
  if (input.has('dry-run')) {
    const found = await dryRun();
    show(found, () => dryRunText(found, terminal));
    return found.wouldStart ? exitCodes.done : exitCodes.usage;
  }
  if (deletes(body)) await agree(`Delete ${expectedText(await dryRun())}?`, context);
  const dryRunId = input.text('dry-run-id');
  const query = dryRunId ? `?dryRunId=${encodeURIComponent(dryRunId)}` : '';
  // A key of our own: a call that is sent again after a lost answer must not make a second job.
  return start(`/jobs${query}`, body, input.text('idempotency-key') ?? randomUUID(), context);
}

/** POSTs what starts a job, and waits for its end with `--wait`. */
export async function start(path: string, body: object, key: string | undefined, context: Context) {
  const { input, api, terminal, show } = context;
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
  const job = await api.json<JobResource>({ method: 'POST', path, body, headers });
  const say = (text: string) => !input.has('json') && terminal.say(text);
  if (!input.has('wait')) {
    show(job, () => jobText(job, context));
    say(`Wait for it: bucket-brigade jobs wait ${job.jobRequestId}`);
    return exitCodes.done;
  }
  say(`Job request ${job.jobRequestId}`);
  const jobs = await waitFor([job.jobRequestId], context);
  for (const ended of jobs) show(ended, () => jobText(ended, context));
  return exitCodeAfterWait(jobs);
}

function overrides({ input, now }: Context): Partial<JobRequest> {
  const priority = input.integer('priority', 0);
  const description = input.text('description');
  const tags = values.tagsOf('--tag', input.list('tag'));
  const start = input.text('start-at');
  const maxObjects = input.integer('max-objects', 1);
  const [Times, Results] = [input.integer('retry', 1), input.list('retry-result')];
  const after = values.durationMs('--retry-after', input.text('retry-after') ?? '10m');
  const [MaxFailedPercent, AfterTasks] = [input.integer('max-failed', 0), input.integer('after-tasks', 1)];
  return {
    ...(description !== undefined && { Description: description }),
    ...(priority !== undefined && { Priority: priority }),
    ...(tags.length > 0 && { Tags: tags }),
    ...(start !== undefined && { StartAt: values.momentOf('--start-at', start, now(), 1) }),
    ...(maxObjects !== undefined && { MaxObjects: maxObjects }),
    ...(MaxFailedPercent !== undefined && {
      Limits: { MaxFailedPercent, ...(AfterTasks && { AfterTasks }) },
    }),
    ...(Times !== undefined && {
      Retry: { Times, AfterSeconds: after / 1000, ...(Results.length > 0 && { Results: Results as never }) },
    }),
    ...(input.has('require-confirmation') && { ConfirmationRequired: true }),
  };
}

const deletes = ({ Operation }: JobRequest): boolean => {
  const { action, mode } = (Operation?.LambdaInvoke?.UserArguments ?? {}) as Record<string, string>;
  return action === 'delete-object' && mode !== 'report-only';
};
