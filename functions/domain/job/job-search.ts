import type { JobList, JobSummary } from '../../core/generated/job-list.mjs';
import { callersDescription } from '../request/create-job-input.ts';
import { hasMarkOf } from '../request/job-request-id.ts';
import { callersTags } from '../request/job-tags.ts';
import { operationNameOf } from '../request/operation.ts';
import { pageTokenOf } from '../request/query.ts';
import { type Cursor, jobSummaryOf, type ListQuery } from './job-list.ts';
import { type JobRequestNow, jobResourceOf } from './job-resource.ts';

/** An execution as Step Functions lists it. */
export interface ListedExecution {
  name: string;
  /** Milliseconds since the epoch. */
  startedMs: number;
  status: string;
}

/** Reads executions and jobs. Executions are listed newest first. */
export interface JobSource {
  list(token: string | undefined): Promise<{ executions: ListedExecution[]; next?: string }>;
  /** Whether `describe` needs no call of AWS. */
  isKept(execution: ListedExecution): boolean;
  /** Without jobs that S3 must describe; undefined for an execution that no longer exists. */
  describe(executions: readonly ListedExecution[]): Promise<(JobRequestNow | undefined)[]>;
  withJobs(found: readonly JobRequestNow[]): Promise<JobRequestNow[]>;
}

export interface JobPage {
  jobs: JobSummary[];
  next?: Cursor;
  /** Milliseconds since the epoch: no newer job request is missing. Only with `next`. */
  searchedBackToMs?: number;
}

const MINUTE_MS = 60_000;

/**
 * What GET /jobs answers. `searchedBackTo` is rounded up to a minute: the last execution that was found can belong to
 * another tenant.
 */
export const pageOf = ({ jobs, next, searchedBackToMs }: JobPage): JobList => ({
  jobs,
  nextPageToken: next ? pageTokenOf(next) : null,
  searchedBackTo:
    searchedBackToMs === undefined
      ? null
      : new Date(Math.ceil(searchedBackToMs / MINUTE_MS) * MINUTE_MS).toISOString(),
});

/** Calls of AWS for one page. */
const MAX_LISTS = 10;
const MAX_DESCRIBES = 60;
/** A job request is submitted up to 30 seconds before its execution starts, by another clock. */
const SLACK_MS = 60_000;

const isBehind = ({ at, names = [] }: Cursor, { startedMs, name }: ListedExecution): boolean =>
  at === undefined || startedMs < at || (startedMs === at && !names.includes(name));

/** The cursor after some executions, in their order. */
function after(cursor: Cursor, done: readonly ListedExecution[]): Cursor {
  const at = done.at(-1)?.startedMs ?? cursor.at;
  if (at === undefined) return cursor;
  const names = done.filter(({ startedMs }) => startedMs === at).map(({ name }) => name);
  return { ...cursor, at, names: at === cursor.at ? [...(cursor.names ?? []), ...names] : names };
}

/** Whether the query wants a job request, as far as its execution shows. */
function isWanted({ request }: JobRequestNow, query: ListQuery): boolean {
  const { jobRequestId, createJob, submittedAt } = request;
  const submittedMs = Date.parse(submittedAt);
  const tags = callersTags(createJob.Tags).flatMap(({ Key, Value }) => [Key, `${Key}=${Value}`]);
  const texts = [jobRequestId, callersDescription(createJob.Description)?.toLowerCase() ?? ''];
  return (
    submittedMs > query.createdAfter &&
    submittedMs < query.createdBefore &&
    (query.operations.length === 0 || query.operations.includes(operationNameOf(createJob))) &&
    query.tags.every((tag) => tags.includes(tag)) &&
    texts.some((text) => text.includes(query.text))
  );
}

const hasStatus = ({ status, state, outcome }: JobSummary, { statuses }: ListQuery): boolean =>
  statuses.length === 0 || [status, state, outcome].some((word) => word !== null && statuses.includes(word));

/** The first executions whose descriptions cost at most so many calls. */
function within(executions: readonly ListedExecution[], calls: number, source: JobSource): ListedExecution[] {
  let left = calls;
  const end = executions.findIndex((execution) => !source.isKept(execution) && left-- === 0);
  return executions.slice(0, end < 0 ? undefined : end);
}

/**
 * One page of the tenant's job requests that the query wants. It is full unless the calls for one page are used up; it is the
 * last one only without `next`.
 */
export async function searchJobs(source: JobSource, tenantHash: string, query: ListQuery): Promise<JobPage> {
  const jobs: JobSummary[] = [];
  let cursor = query.cursor;
  let searchedBackToMs: number | undefined;
  let describes = MAX_DESCRIBES;
  const page = (): JobPage => ({
    jobs,
    next: cursor,
    ...(searchedBackToMs !== undefined && { searchedBackToMs }),
  });

  for (let lists = 0; lists < MAX_LISTS; lists++) {
    const { executions, next } = await source.list(cursor.token);
    const isTooOld = ({ startedMs }: ListedExecution) => startedMs < query.createdAfter - SLACK_MS;
    const own = executions.filter(
      (execution) =>
        hasMarkOf(tenantHash, execution.name) &&
        isBehind(cursor, execution) &&
        execution.startedMs < query.createdBefore + SLACK_MS &&
        !isTooOld(execution),
    );
    while (own.length > 0) {
      if (jobs.length === query.pageSize) return page();
      const chunk = within(own.slice(0, query.pageSize - jobs.length), describes, source);
      if (chunk.length === 0) return page();
      own.splice(0, chunk.length);
      describes -= chunk.filter((execution) => !source.isKept(execution)).length;
      const found = (await source.describe(chunk)).filter((now) => now !== undefined);
      const wanted = found.filter((now) => now.request.tenantHash === tenantHash && isWanted(now, query));
      const summaries = (await source.withJobs(wanted)).map((now) => jobSummaryOf(jobResourceOf(now)));
      jobs.push(...summaries.filter((summary) => hasStatus(summary, query)));
      cursor = after(cursor, chunk);
      searchedBackToMs = chunk.at(-1)?.startedMs;
    }
    searchedBackToMs = executions.at(-1)?.startedMs ?? searchedBackToMs;
    if (next === undefined || executions.some(isTooOld)) return { jobs };
    cursor = { ...cursor, token: next };
    if (jobs.length === query.pageSize) return page();
  }
  return page();
}
