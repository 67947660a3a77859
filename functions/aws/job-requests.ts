import { env } from '../core/env.ts';
import { isKnownError, KnownError } from '../core/errors.ts';
import type { JobRequestNow } from '../domain/job/job-resource.ts';
import type { AcceptedRequest } from '../domain/request/create-job-input.ts';
import { nextIdOf } from '../domain/request/job-request-id.ts';
import { describeBatchJob } from './batch-jobs.ts';
import { creationOf, findExecution, startExecution } from './executions.ts';

/**
 * The present state of a job request: its execution, and the job as S3 describes it now or described it at the end.
 * Only for its owner; without a tenant, for this service itself.
 */
export async function findJobRequest(
  jobRequestId: string,
  tenantHash: string | undefined,
): Promise<JobRequestNow | undefined> {
  const now = await findWatch(jobRequestId, tenantHash);
  // After WatchEnded the job may still run.
  if (!now?.jobId || (now.record && now.record.outcome !== 'WatchEnded')) return now;
  const job = await describeBatchJob(env.accountId(), now.jobId);
  return { ...now, ...(job && { job }) };
}

/** As findJobRequest, but without the job if S3 cannot describe it now. */
export async function findJobRequestEvenUnreadable(
  jobRequestId: string,
  tenantHash: string | undefined,
): Promise<JobRequestNow | undefined> {
  try {
    return await findJobRequest(jobRequestId, tenantHash);
  } catch (error) {
    if (!isKnownError(error)) throw error;
    const now = await findWatch(jobRequestId, tenantHash);
    return now && { ...now, isUnreadable: true };
  }
}

/** The last of the automatic retries that were started after a job request, or the job request itself. */
export async function lastOfChain(now: JobRequestNow): Promise<JobRequestNow> {
  const next = await findJobRequestEvenUnreadable(nextIdOf(now.request.jobRequestId), now.request.tenantHash);
  return next ? lastOfChain(next) : now;
}

/** Starts the execution of an accepted job request once; `isReplay` if another call has started it before. */
export async function startJobRequest(
  request: AcceptedRequest,
): Promise<{ now: JobRequestNow; isReplay: boolean }> {
  if (await startExecution(env.stateMachineArn(), request))
    return { now: { request, executionStatus: 'RUNNING' }, isReplay: false };
  const now = await findJobRequestEvenUnreadable(request.jobRequestId, request.tenantHash);
  if (now) return { now, isReplay: true };
  throw new KnownError('AwsUnavailable', 'The execution under this key existed and was not found.');
}

/** The execution of a job request, with what it knows of the job. */
async function findWatch(
  jobRequestId: string,
  tenantHash: string | undefined,
): Promise<JobRequestNow | undefined> {
  const execution = await findExecution(env.stateMachineArn(), jobRequestId);
  if (!execution || execution.request.tenantHash !== (tenantHash ?? execution.request.tenantHash))
    return undefined;
  const { request, status: executionStatus } = execution;
  const { jobId, record, createdAt } = execution.record
    ? { jobId: execution.record.jobId, record: execution.record }
    : await creationOf(env.stateMachineArn(), jobRequestId);
  return {
    request,
    executionStatus,
    ...(jobId && { jobId }),
    ...(createdAt && { createdAt }),
    ...(record && { record, ...(record.job && { job: record.job }) }),
  };
}
