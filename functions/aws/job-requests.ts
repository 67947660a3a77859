import { env } from '../core/env.ts';
import { isKnownError, KnownError } from '../core/errors.ts';
import type { JobRequestNow } from '../domain/job/job-resource.ts';
import type { AcceptedRequest } from '../domain/request/create-job-input.ts';
import { describeBatchJob } from './batch-jobs.ts';
import { creationOf, findExecution, startExecution } from './executions.ts';

/** A job request as it is now: its execution, and the job as S3 describes it, now or in the end. */
export async function findJobRequest(jobRequestId: string): Promise<JobRequestNow | undefined> {
  const now = await findWatch(jobRequestId);
  // The job of a watch that ended before it goes on.
  if (!now?.jobId || (now.record && now.record.outcome !== 'WatchEnded')) return now;
  const job = await describeBatchJob(env.accountId(), now.jobId);
  return { ...now, ...(job && { job }) };
}

/** The same, and without the job when S3 cannot be asked for it. */
export async function findJobRequestEvenUnseen(jobRequestId: string): Promise<JobRequestNow | undefined> {
  try {
    return await findJobRequest(jobRequestId);
  } catch (error) {
    if (!isKnownError(error)) throw error;
    const now = await findWatch(jobRequestId);
    return now && { ...now, isUnseen: true };
  }
}

/** Starts the execution of an accepted job request, once: what is there now, and whether somebody else was faster. */
export async function startJobRequest(
  request: AcceptedRequest,
): Promise<{ now: JobRequestNow; isReplay: boolean }> {
  if (await startExecution(env.stateMachineArn(), request))
    return { now: { request, executionStatus: 'RUNNING' }, isReplay: false };
  const now = await findJobRequestEvenUnseen(request.jobRequestId);
  if (now) return { now, isReplay: true };
  throw new KnownError('AwsUnavailable', 'The execution under this key was there and is not to be found.');
}

/** The execution of a job request, with all that it knows of the job. */
async function findWatch(jobRequestId: string): Promise<JobRequestNow | undefined> {
  const execution = await findExecution(env.stateMachineArn(), jobRequestId);
  if (!execution) return undefined;
  const { request, status: executionStatus } = execution;
  const { jobId, record, createdAt } = execution.record
    ? { jobId: execution.record.jobId, record: execution.record }
    : await creationOf(execution);
  return {
    request,
    executionStatus,
    ...(jobId && { jobId }),
    ...(createdAt && { createdAt }),
    ...(record && { record, ...(record.job && { job: record.job }) }),
  };
}
