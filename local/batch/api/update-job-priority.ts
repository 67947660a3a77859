import type { UpdateJobPriorityRequest, UpdateJobPriorityResult } from '@aws-sdk/client-s3-control';
import { badRequest } from '../errors.ts';
import { isTerminal } from '../job-status.ts';
import { priority } from '../validate/create-job.ts';
import { type JobCalls, jobOf } from './job-calls.ts';

/** Allowed in every status that the job can still leave. */
export function updateJobPriority(
  request: UpdateJobPriorityRequest,
  { jobs, engine }: JobCalls,
): UpdateJobPriorityResult {
  priority(request.Priority, 'priority');
  const { jobId, status } = jobOf(jobs, request.AccountId, request.JobId);
  if (isTerminal(status)) throw badRequest(`A job that is ${status} has no priority to change`);
  jobs.change(jobId, status, { priority: Number(request.Priority) });
  engine.place();
  return { JobId: jobId, Priority: Number(request.Priority) };
}
