import type { Outcome } from '../../core/generated/notice.mjs';
import { countsOf } from '../job/job.ts';
import type { JobRequestNow } from '../job/job-resource.ts';
import { outcomeOf } from '../job/job-status.ts';
import { noticeOf, type Place, type PublishableNotice } from '../notice/notice.ts';
import { mayAppear } from './watch.ts';

/**
 * A request that was refused is told so, a job that has ended as it ended; one that goes on, or cannot be asked for or
 * shown yet, as no longer watched, and one that S3 has not as lost.
 */
function outcomeNow({ record, jobId, job, isUnseen, createdAt }: JobRequestNow, time: string): Outcome {
  if (record) return record.outcome;
  if (job) return outcomeOf(job.Status, countsOf(job).failed) ?? 'WatchEnded';
  return jobId && (isUnseen || (createdAt && mayAppear(createdAt, time))) ? 'WatchEnded' : 'Lost';
}

/**
 * The final notice of a job request whose execution ended without one. It has the noticeId that the lost one would
 * have had: whoever got both can drop one.
 */
export function breakdownNotice(now: JobRequestNow, place: Place, time: string): PublishableNotice {
  const { request, record, executionStatus, jobId, job } = now;
  const [refusal] = record?.failureReasons ?? [];
  return noticeOf(
    {
      kind: 'final',
      outcome: outcomeNow(now, time),
      time,
      status: job?.Status ?? (record ? record.outcome : 'Unknown'),
      ...(jobId && { jobId }),
      ...(job && { job }),
      ...(refusal && { refusal }),
      breakdown: `The watch broke (its execution ${executionStatus})`,
    },
    request,
    place,
  );
}
