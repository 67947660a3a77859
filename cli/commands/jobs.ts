/** Commands on one job request. */

import type { Failures } from '../../functions/core/generated/failures.mjs';
import type { JobResource } from '../../functions/core/generated/job-resource.mjs';
import type { JobTags } from '../../functions/core/generated/job-tags.mjs';
import type { CompletionReport } from '../../functions/core/generated/report.mjs';
import type { Call } from '../api/api.ts';
import type { Context, Run } from '../command.ts';
import { exitCodes, usageError } from '../exit-codes.ts';
import { tagsOf } from '../input/values.ts';
import { printJob } from '../output/job-text.ts';
import { table } from '../output/table.ts';
import { count, objectsText } from '../output/words.ts';
import { agree } from './agree.ts';
import { start } from './submit.ts';
import { exitCodeAfterWait, isFinal } from './wait.ts';

const pathOf = ({ input }: Context, rest = '') =>
  `/jobs/${encodeURIComponent(input.positionals[0] ?? '')}${rest}`;

const read = (context: Context) => context.api.json<JobResource>({ method: 'GET', path: pathOf(context) });

async function change(context: Context, call: Omit<Call, 'path'>, rest = '') {
  printJob(await context.api.json<JobResource>({ ...call, path: pathOf(context, rest) }), context);
  return exitCodes.done;
}

export const get: Run = async (context) => {
  const job = await read(context);
  printJob(job, context);
  if (!context.input.has('exit-status')) return exitCodes.done;
  return isFinal(job) ? exitCodeAfterWait([job]) : exitCodes.timedOut;
};

export const confirm: Run = (context) => change(context, { method: 'POST' }, '/confirm');

/** Asks with the figures of the moment. */
export const cancel: Run = async (context) => {
  const { progress, operation, status } = await read(context);
  const rest = progress
    ? `${objectsText(progress.total - progress.succeeded - progress.failed)} will not run`
    : 'it has not begun';
  await agree(`Cancel the ${operation} job, which is ${status ?? 'not created yet'}? ${rest}.`, context);
  const reason = context.input.text('reason');
  return change(context, { method: 'POST', ...(reason !== undefined && { body: { reason } }) }, '/cancel');
};

export const priority: Run = (context) => {
  const [, text = ''] = context.input.positionals;
  if (!/^\d{1,10}$/.test(text)) throw usageError(`PRIORITY ${text}: use a whole number from 0 on`);
  return change(context, { method: 'PATCH', body: { Priority: Number(text) } });
};

export const tagSet: Run = async (context) => {
  const Tags = tagsOf('NAME=VALUE', context.input.positionals.slice(1));
  const tags = await context.api.json<JobTags>({
    method: 'PUT',
    path: pathOf(context, '/tags'),
    body: { Tags },
  });
  context.terminal.print(
    context.input.has('json')
      ? JSON.stringify(tags, null, 2)
      : tags.Tags.map(({ Key, Value }) => `${Key}=${Value}`).join('\n'),
  );
  return exitCodes.done;
};

export const report: Run = async (context) => {
  const { terminal, input } = context;
  const found = await context.api.json<CompletionReport>({ method: 'GET', path: pathOf(context, '/report') });
  if (input.has('json')) {
    terminal.print(JSON.stringify(found, null, 2));
    return exitCodes.done;
  }
  const { digest } = found;
  terminal.print(
    `${objectsText(digest.failed)} failed${digest.isSample ? ' (the digest is of a sample)' : ''}`,
  );
  const rows = (groups: readonly { count: number }[], nameOf: (group: never) => string) =>
    groups.map((group) => [count(group.count), nameOf(group as never)]);
  for (const [heading, lines] of [
    ['CODE', rows(digest.byCode, ({ errorCode }: { errorCode: string }) => errorCode)],
    ['FOLDER', rows(digest.byPrefix, ({ prefix }: { prefix: string }) => prefix)],
  ] as const)
    if (lines.length > 0) terminal.print(`\n${table(['FAILED', heading], lines, terminal.columns)}`);
  return exitCodes.done;
};

/** All pages, one after the other; CSV is passed on as the API writes it. */
export const failures: Run = async (context) => {
  const { api, input, terminal } = context;
  const limit = input.integer('limit', 1) ?? Number.POSITIVE_INFINITY;
  const query = new URLSearchParams({ pageSize: String(Math.min(limit, 1000)) });
  const codes = input.list('code');
  if (codes.length > 0) query.set('code', codes.join(','));
  const path = () => `${pathOf(context, '/failures')}?${query}`;
  if (input.has('csv')) return printCsv(context, query, path);
  const found: Failures['failures'] = [];
  for (;;) {
    const page = await api.json<Failures>({ method: 'GET', path: path() });
    found.push(...page.failures);
    if (page.nextPageToken === null || found.length >= limit) break;
    query.set('pageToken', page.nextPageToken);
  }
  const rows = found.slice(0, limit);
  if (input.has('json')) terminal.print(JSON.stringify(rows, null, 2));
  else if (rows.length === 0) terminal.say('No failed objects match.');
  else
    terminal.print(
      table(
        ['CODE', 'BUCKET', 'KEY'],
        rows.map(({ errorCode, bucket, key }) => [errorCode, bucket, key]),
        terminal.columns,
      ),
    );
  return exitCodes.done;
};

async function printCsv({ api, terminal }: Context, query: URLSearchParams, path: () => string) {
  for (let isFirst = true; ; isFirst = false) {
    const { text, headers } = await api.call({
      method: 'GET',
      path: path(),
      headers: { accept: 'text/csv' },
    });
    const body = isFirst ? text : text.slice(text.indexOf('\n') + 1);
    if (body) terminal.print(body.replace(/\r?\n$/, ''));
    const [, next] = /<([^>]+)>;\s*rel="?next"?/.exec(headers.get('link') ?? '') ?? [];
    if (!next) return exitCodes.done;
    query.set('pageToken', new URL(next, 'http://api').searchParams.get('pageToken') ?? '');
  }
}

/** Without `--code`, all objects that failed in a way that may pass; that asks with their number. */
export const retry: Run = async (context) => {
  const { input } = context;
  const Codes = input.list('code');
  if (Codes.length === 0) {
    const { digest, progress } = await read(context);
    const failed = digest?.failed ?? progress?.failed ?? 0;
    await agree(`Retry what may succeed now, of the ${objectsText(failed)} that failed?`, context);
  }
  return start(
    pathOf(context, '/retry-failed'),
    Codes.length > 0 ? { Codes } : {},
    input.text('idempotency-key'),
    context,
  );
};
