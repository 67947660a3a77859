/** What the watch adds to the metrics of functions/core/metrics.ts, by their names. */
import { countsOf, durationSecondsOf, type Job } from '../job/job.ts';
import type { AcceptedRequest } from '../request/create-job-input.ts';
import { operationNameOf } from '../request/operation.ts';
import { type FinalRecord, type Poll, secondsBetween } from './watch.ts';

/** The figures of a job request that ended, and their dimensions. A job that is no longer watched has no figures yet. */
export function endMeasures({ outcome, job, noticedAt }: FinalRecord, { createJob }: AcceptedRequest) {
  const { succeeded, failed } = countsOf(job);
  const figures = job &&
    outcome !== 'WatchEnded' && {
      JobDuration: durationSecondsOf(job, noticedAt),
      Tasks: succeeded + failed,
      FailedTasks: failed,
    };
  return [
    { JobsEnded: 1, ...figures },
    { outcome, operation: operationNameOf(createJob) },
  ] as const;
}

/** For how long a job has been waiting for its confirmation; undefined if it does not wait. */
export const confirmationMeasure = (job: Job | undefined, { createdAt, time }: Poll) =>
  job?.Status === 'Suspended'
    ? { ConfirmationWait: secondsBetween(job.SuspendedDate ?? createdAt, time) }
    : undefined;

/** For how long the status could not be read, if it could not be read at the poll before either. */
export const unreadableMeasure = ({ unreadableSince, time }: Poll) =>
  unreadableSince ? { StatusUnreadable: secondsBetween(unreadableSince, time) } : undefined;
