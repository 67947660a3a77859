import { env } from '../core/env.ts';
import type { JobRequestNow } from '../domain/job-resource.ts';
import { describeBatchJob } from './batch-jobs.ts';
import { findExecution, jobIdOf } from './executions.ts';

/** A job request as it is now: its execution, and while that runs the job as S3 describes it. */
export async function findJobRequest(jobRequestId: string): Promise<JobRequestNow | undefined> {
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
  const job = jobId && (await describeBatchJob(env.accountId(), jobId));
  return { request, executionStatus, ...(jobId && { jobId }), ...(job && { job }) };
}
