import type { Notice, Outcome } from '../../core/generated/notice.mjs';
import { countsOf } from '../job/job.ts';
import type { JobRequestNow } from '../job/job-resource.ts';
import { outcomeOf } from '../job/job-status.ts';
import { type Deployment, noticeOf } from '../notice/notice.ts';
import type { PublishableNotice } from '../notice/publishable-notice.ts';
import { mayAppear } from './watch.ts';

/**
 * The outcome of the record or of the ended job. A job that still runs, or whose status cannot be read yet, is no longer
 * watched. A job that S3 does not have is lost.
 */
export function outcomeAtStop(
  { record, jobId, job, isUnreadable, createdAt }: JobRequestNow,
  time: string,
): Outcome {
  if (record) return record.outcome;
  if (job) return outcomeOf(job.Status, countsOf(job).failed) ?? 'WatchEnded';
  return jobId && (isUnreadable || (createdAt && mayAppear(createdAt, time))) ? 'WatchEnded' : 'Lost';
}

/**
 * The final notice of a job request whose execution ended without one. It has the noticeId of the notice that is
 * missing, so that a subscriber who received both can drop one.
 */
export function stoppedWatchNotice(
  now: JobRequestNow,
  deployment: Deployment,
  time: string,
  retry?: Notice['retry'],
): PublishableNotice {
  const { request, record, executionStatus, jobId, job } = now;
  const [refusal] = record?.failureReasons ?? [];
  return noticeOf(
    {
      kind: 'final',
      outcome: outcomeAtStop(now, time),
      time,
      status: job?.Status ?? (record ? record.outcome : 'Unknown'),
      ...(jobId && { jobId }),
      ...(job && { job }),
      ...(refusal && { refusal }),
      ...(retry && { retry }),
      watchStopped: `The watch stopped (its execution ${executionStatus})`,
    },
    request,
    deployment,
  );
}
