import { env } from '../core/env.ts';
import type { Job } from '../domain/job/job.ts';
import type { JobRequestNow } from '../domain/job/job-resource.ts';
import type { JobSource, ListedExecution } from '../domain/job/job-search.ts';
import { describeBatchJob, listOpenJobs } from './batch-jobs.ts';
import { type Creation, creationOf, type Execution, findExecution, listExecutions } from './executions.ts';
import { inLanes } from './lanes.ts';

const LANES = 10;
const MAX_KEPT_BYTES = 32 * 1024 * 1024;
/** With fewer jobs to describe, ListJobs saves nothing. */
const MIN_LISTED_JOBS = 3;

/** The facts of an execution that never change: its input, its output after the end, and its job. */
interface Kept {
  startedMs: number;
  execution: Execution;
  creation?: Creation;
  bytes: number;
}

/** By name, in the memory of the function, least recently used first. */
const kept = new Map<string, Kept>();
let keptBytes = 0;

/** A name can be used again after 90 days, so the start counts too. */
function keptOf({ name, startedMs, status }: ListedExecution): Kept | undefined {
  const found = kept.get(name);
  return found?.startedMs === startedMs && found.execution.status === status ? found : undefined;
}

function keep(name: string, entry: Kept): void {
  keptBytes += entry.bytes - (kept.get(name)?.bytes ?? 0);
  kept.delete(name);
  kept.set(name, entry);
  for (const [oldest, { bytes }] of kept) {
    if (keptBytes <= MAX_KEPT_BYTES) break;
    kept.delete(oldest);
    keptBytes -= bytes;
  }
}

async function describe(listed: ListedExecution): Promise<JobRequestNow | undefined> {
  const { name, startedMs } = listed;
  const before = keptOf(listed);
  const execution = before?.execution ?? (await findExecution(env.stateMachineArn(), name));
  if (!execution) return undefined;
  keep(name, before ?? { startedMs, execution, bytes: Buffer.byteLength(JSON.stringify(execution)) });
  const { request, status: executionStatus, record } = execution;
  return {
    request,
    executionStatus,
    ...(record && { record }),
    ...(record?.jobId && { jobId: record.jobId }),
    ...(record?.job && { job: record.job }),
  };
}

/** With the id of the job; from the history only if no earlier page has read it. */
async function withJobId(now: JobRequestNow): Promise<JobRequestNow> {
  if (now.record) return now;
  const entry = kept.get(now.request.jobRequestId);
  const creation = entry?.creation ?? (await creationOf(env.stateMachineArn(), now.request.jobRequestId));
  if (entry && creation.jobId) entry.creation = creation;
  return { ...now, ...creation };
}

/** Whether the job can differ from the one in the record. */
const isOpen = ({ jobId, record }: JobRequestNow) =>
  jobId !== undefined && (record === undefined || record.outcome === 'WatchEnded');

async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  await inLanes([...items.entries()], LANES, async ([index, item]) => {
    results[index] = await work(item);
  });
  return results;
}

/** Executions and jobs for the list of jobs, with as few calls of AWS as possible. */
export function jobSource(): JobSource {
  let listed: Promise<Map<string, Job>> | undefined;
  const withJob = async (now: JobRequestNow): Promise<JobRequestNow> => {
    if (!isOpen(now) || now.jobId === undefined) return now;
    const job = (await listed)?.get(now.jobId) ?? (await describeBatchJob(env.accountId(), now.jobId));
    return { ...now, ...(job && { job }) };
  };
  return {
    list: (token) => listExecutions(env.stateMachineArn(), token),
    isKept: (execution) => keptOf(execution) !== undefined,
    describe: (executions) => inOrder(executions, describe),
    async withJobs(found) {
      const known = await inOrder(found, withJobId);
      if (known.filter(isOpen).length >= MIN_LISTED_JOBS) listed ??= listOpenJobs(env.accountId());
      return inOrder(known, withJob);
    },
  };
}
