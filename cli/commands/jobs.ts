/** Commands on job requests that exist. */
import type { Failures } from '../../functions/core/generated/failures.mjs';
import type { JobList, JobSummary } from '../../functions/core/generated/job-list.mjs';
import type { JobResource } from '../../functions/core/generated/job-resource.mjs';
import type { JobTags } from '../../functions/core/generated/job-tags.mjs';
import type { CompletionReport, FailedTask } from '../../functions/core/generated/report.mjs';
import type { Results, TaskResult } from '../../functions/core/generated/results.mjs';
import type { Call } from '../api/api.ts';
import type { Context, Run } from '../command.ts';
import { exitCodeOfJob, exitCodes, usageError } from '../exit-codes.ts';
import { momentOf, tagsOf } from '../input/values.ts';
import { csvPages } from '../output/csv-pages.ts';
import { jobText, paintState } from '../output/job-text.ts';
import { table } from '../output/table.ts';
import { ageText, count, counted, countsText, stateWord } from '../output/words.ts';
import { agree, start } from './create.ts';

const DEFAULT_LIMIT = 20;

const pathOf = ({ input }: Context, rest = '') =>
  `/jobs/${encodeURIComponent(input.positionals[0] ?? '')}${rest}`;

const read = (context: Context) => context.api.json<JobResource>({ path: pathOf(context) });

async function change(context: Context, call: Omit<Call, 'path'>, rest = '') {
  const job = await context.api.json<JobResource>({ ...call, path: pathOf(context, rest) });
  context.show(job, () => jobText(job, context));
  return undefined;
}

/** Follows the pages of a list until it has `limit` items. */
async function readPages<P extends { nextPageToken: string | null }, T>(
  { api }: Context,
  path: string,
  query: URLSearchParams,
  limit: number,
  itemsOf: (page: P) => readonly T[],
): Promise<{ items: T[]; hasMore: boolean }> {
  const items: T[] = [];
  for (;;) {
    const page = await api.json<P>({ path: `${path}?${query}` });
    items.push(...itemsOf(page));
    const { nextPageToken } = page;
    if (nextPageToken === null || items.length >= limit)
      return { items: items.slice(0, limit), hasMore: nextPageToken !== null || items.length > limit };
    query.set('pageToken', nextPageToken);
  }
}

export const list: Run = async (context) => {
  const { input, terminal, now } = context;
  const limit = input.integer('limit', 1) ?? DEFAULT_LIMIT;
  const moment = (name: string) => {
    const text = input.text(name);
    return text && momentOf(`--${name}`, text, now());
  };
  const filters = {
    status: input.list('status').join(','),
    operation: input.text('operation'),
    tag: input.text('tag'),
    text: input.text('text'),
    createdAfter: moment('since'),
    createdBefore: moment('until'),
  };
  const query = new URLSearchParams({ pageSize: String(Math.min(limit, 50)) });
  for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value);
  const itemsOf = (page: JobList) => page.jobs as JobSummary[];
  const { items: jobs, hasMore } = await readPages(context, '/jobs', query, limit, itemsOf);
  if (jobs.length === 0) terminal.say('No job requests match.');
  context.show(jobs, () => {
    const rows = jobs.map((job) => [
      ...[job.jobRequestId, stateWord(job), job.operation, countsText(job)],
      ...[ageText(job.submittedAt, now()), job.description ?? ''],
    ]);
    const headings = ['ID', 'STATE', 'OPERATION', 'OBJECTS', 'SUBMITTED', 'DESCRIPTION'];
    const paint = (cell: string, i: number) => (i === 1 ? paintState(cell, terminal) : cell);
    return table(headings, rows, terminal.columns, paint);
  });
  if (hasMore) terminal.say(`There are more: add --limit ${limit * 5}`);
  return undefined;
};

export const get: Run = async (context) => {
  const job = await read(context);
  context.show(job, () => jobText(job, context));
  return context.input.has('exit-status') ? exitCodeOfJob(job) : exitCodes.done;
};

export const confirm: Run = (context) => change(context, { method: 'POST' }, '/confirm');

/** Asks with the figures of the moment. */
export const cancel: Run = async (context) => {
  const { progress, operation, status } = await read(context);
  const left = progress && progress.total - progress.succeeded - progress.failed;
  const rest = left === null ? 'it has not begun' : `${counted(left, 'object')} will not run`;
  await agree(`Cancel the ${operation} job, which is ${status ?? 'not created yet'}? ${rest}.`, context);
  const reason = context.input.text('reason');
  const retries = context.input.has('retries');
  const body = { ...(reason !== undefined && { reason }), ...(retries && { retries }) };
  return change(context, { method: 'POST', body }, '/cancel');
};

export const priority: Run = async (context) => {
  const [, text = ''] = context.input.positionals;
  if (!/^\d{1,10}$/.test(text)) throw usageError(`PRIORITY ${text}: use a whole number from 0 on`);
  return change(context, { method: 'PATCH', body: { Priority: Number(text) } });
};

export const tagSet: Run = async (context) => {
  const body = { Tags: tagsOf('NAME=VALUE', context.input.positionals.slice(1)) };
  const tags = await context.api.json<JobTags>({ method: 'PUT', path: pathOf(context, '/tags'), body });
  context.show(tags, () => tags.Tags.map(({ Key, Value }) => `${Key}=${Value}`).join('\n'));
  return undefined;
};

export const report: Run = async (context) => {
  const found = await context.api.json<CompletionReport>({ path: pathOf(context, '/report') });
  const { failed, isSample, byCode, byPrefix } = found.digest;
  const groups = (heading: string, rows: string[][]) =>
    table(['FAILED', heading], rows, context.terminal.columns).replace(/^(?=.)/, '\n\n');
  const codes = byCode.map((group) => [count(group.count), group.errorCode]);
  const folders = byPrefix.map((group) => [count(group.count), group.prefix]);
  const headline = `${counted(failed, 'object')} failed${isSample ? ' (the digest is of a sample)' : ''}`;
  context.show(found, () => headline + groups('CODE', codes) + groups('FOLDER', folders));
  return undefined;
};

/** All pages of what the name says, one after the other; CSV is passed on as the API writes it. */
const listed =
  (name: 'failures' | 'results'): Run =>
  async (context) => {
    const { api, input, terminal } = context;
    const limit = input.integer('limit', 1) ?? Number.POSITIVE_INFINITY;
    const query = new URLSearchParams({ pageSize: String(Math.min(limit, 1000)) });
    const codes = input.list('code');
    if (codes.length > 0) query.set('code', codes.join(','));
    for (const status of input.list('status')) query.set('status', status);
    const path = pathOf(context, `/${name}`);
    if (input.has('csv')) {
      const csv = (page: string) => api.call({ path: page, headers: { accept: 'text/csv' } });
      for await (const text of csvPages(path, query, csv))
        if (text) terminal.print(text.replace(/\r?\n$/, ''));
      return undefined;
    }
    const itemsOf = (page: Failures & Results) => page[name] as (FailedTask & Partial<TaskResult>)[];
    const { items } = await readPages(context, path, query, limit, itemsOf);
    if (items.length === 0) terminal.say('No objects match.');
    const rows = items.map(({ errorCode, status, bucket, key, result = '' }) => [
      ...[errorCode || `${status}`, bucket, key, result],
    ]);
    context.show(items, () => table(['CODE', 'BUCKET', 'KEY', 'RESULT'], rows, terminal.columns));
    return undefined;
  };
export const failures = listed('failures');
export const results = listed('results');

export const runRest: Run = (context) =>
  start(pathOf(context, '/run-rest'), {}, context.input.text('idempotency-key'), context);

/** Without `--code`, all objects that failed in a way that may pass; that asks with their number. */
export const retry: Run = async (context) => {
  const Codes = context.input.list('code');
  const key = context.input.text('idempotency-key');
  if (Codes.length === 0) {
    const { digest, progress } = await read(context);
    const failed = digest?.failed ?? progress?.failed ?? 0;
    await agree(`Retry what may succeed now, of the ${counted(failed, 'object')} that failed?`, context);
  }
  return start(pathOf(context, '/retry-failed'), Codes.length > 0 ? { Codes } : {}, key, context);
};
