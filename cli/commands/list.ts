import type { JobList, JobSummary } from '../../functions/core/generated/job-list.mjs';
import type { Context } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { momentOf } from '../input/values.ts';
import { table } from '../output/table.ts';
import { ageText, colourOf, countsText, stateWord } from '../output/words.ts';

const PAGE = 50;
const DEFAULT_LIMIT = 20;

/** jobs list: pages are read until there are enough. `--json` prints an array. */
export async function run(context: Context): Promise<ExitCode> {
  const { input, terminal, now } = context;
  const limit = input.integer('limit', 1) ?? DEFAULT_LIMIT;
  const { jobs, hasMore } = await readJobs(context, limit);
  if (input.has('json')) {
    terminal.print(JSON.stringify(jobs, null, 2));
    return exitCodes.done;
  }
  if (jobs.length === 0) {
    terminal.say('No job requests match.');
    return exitCodes.done;
  }
  const rows = jobs.map((job) => [
    job.jobRequestId,
    stateWord(job),
    job.operation,
    countsText(job),
    ageText(job.submittedAt, now()),
    job.description ?? '',
  ]);
  const paint = (cell: string, column: number) =>
    column === 1 ? terminal.style(colourOf(cell), cell) : cell;
  terminal.print(
    table(['ID', 'STATE', 'OPERATION', 'OBJECTS', 'SUBMITTED', 'DESCRIPTION'], rows, terminal.columns, paint),
  );
  if (hasMore) terminal.say(`There are more: add --limit ${limit * 5}`);
  return exitCodes.done;
}

async function readJobs(
  { api, input, now }: Context,
  limit: number,
): Promise<{ jobs: JobSummary[]; hasMore: boolean }> {
  const query = new URLSearchParams({ pageSize: String(Math.min(limit, PAGE)) });
  const status = input.list('status');
  if (status.length > 0) query.set('status', status.join(','));
  for (const name of ['operation', 'tag', 'text'] as const) {
    const value = input.text(name);
    if (value !== undefined) query.set(name, value);
  }
  for (const [option, name] of [
    ['since', 'createdAfter'],
    ['until', 'createdBefore'],
  ] as const) {
    const value = input.text(option);
    if (value !== undefined) query.set(name, momentOf(option, value, now()));
  }
  const jobs: JobSummary[] = [];
  for (;;) {
    const page = await api.json<JobList>({ method: 'GET', path: `/jobs?${query}` });
    jobs.push(...(page.jobs as JobSummary[]));
    if (page.nextPageToken === null || jobs.length >= limit)
      return { jobs: jobs.slice(0, limit), hasMore: page.nextPageToken !== null || jobs.length > limit };
    query.set('pageToken', page.nextPageToken);
  }
}
