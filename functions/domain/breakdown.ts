import type { Outcome } from '../core/generated/notice.mjs';
import { countsOf } from './job.ts';
import type { JobRequestNow } from './job-resource.ts';
import { outcomeOf } from './job-status.ts';
import { noticeOf, type Place, type PublishableNotice } from './notice.ts';

/** A job that has ended is told as it ended, one that goes on as no longer watched, one that S3 has not as lost. */
function outcomeNow({ jobId, job, isUnseen }: JobRequestNow): Outcome {
  if (job) return outcomeOf(job.Status, countsOf(job).failed) ?? 'WatchEnded';
  return jobId && isUnseen ? 'WatchEnded' : 'Lost';
}

/**
 * The final notice of a job request whose execution ended without one. It has the noticeId that the lost one would
 * have had: whoever got both can drop one.
 */
export function breakdownNotice(now: JobRequestNow, place: Place, time: string): PublishableNotice {
  const { request, executionStatus, jobId, job } = now;
  return noticeOf(
    {
      kind: 'final',
      outcome: outcomeNow(now),
      time,
      status: job?.Status ?? 'Unknown',
      ...(jobId && { jobId }),
      ...(job && { job }),
      breakdown: `The watch broke (its execution ${executionStatus})`,
    },
    request,
    place,
  );
}
