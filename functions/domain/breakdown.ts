import { countsOf } from './job.ts';
import type { JobRequestNow } from './job-resource.ts';
import { outcomeOf } from './job-status.ts';
import { noticeOf, type Place, type PublishableNotice } from './notice.ts';

/**
 * The final notice of a job request whose execution ended without one. It has the noticeId that the lost one would
 * have had: whoever got both can drop one. A job that has ended is told as it ended, one that goes on as no longer watched.
 */
export function breakdownNotice(now: JobRequestNow, place: Place, time: string): PublishableNotice {
  const { request, executionStatus, jobId, job } = now;
  const outcome = job && outcomeOf(job.Status, countsOf(job).failed);
  return noticeOf(
    {
      kind: 'final',
      outcome: outcome ?? (jobId ? 'WatchEnded' : 'Lost'),
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
