import { env } from '../core/env.ts';
import { isKnownError } from '../core/errors.ts';
import type { JobRequestNow } from '../domain/job-resource.ts';
import { describeBatchJob } from './batch-jobs.ts';
import { findExecution, jobIdOf } from './executions.ts';

/**
 * A job request as it is now: its execution, and until that succeeds the job as S3 describes it. With `evenUnseen` it
 * makes do without the job when S3 cannot be asked.
 */
export async function findJobRequest(
  jobRequestId: string,
  { evenUnseen = false } = {},
): Promise<JobRequestNow | undefined> {
  const execution = await findExecution(env.stateMachineArn(), jobRequestId);
  if (!execution) return undefined;
  const { request, status: executionStatus, record } = execution;
  if (record)
    return {
      request,
      executionStatus,
      record,
      ...(record.jobId && { jobId: record.jobId }),
      ...(record.job && { job: record.job }),
    };
  const jobId = await jobIdOf(execution);
  if (!jobId) return { request, executionStatus };
  try {
    const job = await describeBatchJob(env.accountId(), jobId);
    return { request, executionStatus, jobId, ...(job && { job }) };
  } catch (error) {
    if (!evenUnseen || !isKnownError(error)) throw error;
    return { request, executionStatus, jobId, isUnseen: true };
  }
}
