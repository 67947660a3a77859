import type { JobStatus, UpdateJobStatusRequest, UpdateJobStatusResult } from '@aws-sdk/client-s3-control';
import { RequestedJobStatus } from '@aws-sdk/client-s3-control';
import { jobStatusConflict } from '../errors.ts';
import { canBecome } from '../job-status.ts';
import { oneOf, required, text } from '../validate/checks.ts';
import { type JobCalls, jobOf } from './job-calls.ts';

/** Confirms a suspended job, or cancels any job that has not ended. */
export function updateJobStatus(
  request: UpdateJobStatusRequest,
  { jobs, engine }: JobCalls,
): UpdateJobStatusResult {
  required(oneOf(RequestedJobStatus))(request.RequestedJobStatus, 'requestedJobStatus');
  text({ max: 256 })(request.StatusUpdateReason, 'statusUpdateReason');
  const { jobId, status } = jobOf(jobs, request.AccountId, request.JobId);
  const next = nextStatus(status, request.RequestedJobStatus as RequestedJobStatus);
  const reason = request.StatusUpdateReason;
  engine.move(jobId, status, next, reason === undefined ? {} : { statusUpdateReason: reason });
  return {
    JobId: jobId,
    Status: next,
    ...(reason !== undefined && { StatusUpdateReason: reason }),
  };
}

/** A suspended job has no tasks in progress, so it is Cancelled at once. */
function nextStatus(status: JobStatus, requested: RequestedJobStatus): JobStatus {
  if (status === 'Suspended') return requested;
  if (requested === 'Cancelled' && canBecome(status, 'Cancelling')) return 'Cancelling';
  throw jobStatusConflict(status, requested);
}
