import type { UpdateJobPriorityRequest, UpdateJobPriorityResult } from '@aws-sdk/client-s3-control';
import { badRequest } from '../errors.ts';
import { isTerminal } from '../job-status.ts';
import { priority } from '../validate/create-job.ts';
import { type JobCalls, jobOf } from './job-calls.ts';

/** Allowed until the job has ended. */
export function updateJobPriority(
  request: UpdateJobPriorityRequest,
  { jobs, engine }: JobCalls,
): UpdateJobPriorityResult {
  priority(request.Priority, 'priority');
  const { jobId, status } = jobOf(jobs, request.AccountId, request.JobId);
  if (isTerminal(status)) throw badRequest(`A job that is ${status} cannot change its priority`);
  jobs.change(jobId, status, { priority: Number(request.Priority) });
  engine.schedule();
  return { JobId: jobId, Priority: Number(request.Priority) };
}
