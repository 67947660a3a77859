import { countsAt, type Job } from '../world/job.ts';
import { type Check, eventsByState, type JobRequestTrail } from './job-request.ts';
import { cancellable, LATE_POLLS } from './jobs.ts';

const REASON = /^MaxFailedPercent (\S+) exceeded: (\d+) of (\d+) tasks failed/;

function isExceeded({ request: { limits } }: JobRequestTrail, job: Job, at: number): boolean {
  const { succeeded, failed } = countsAt(job, at);
  const done = succeeded + failed;
  return limits !== undefined && done >= limits.AfterTasks && failed * 100 > limits.MaxFailedPercent * done;
}

/** A job that exceeds its limit is cancelled within two checks, and no other job is. */
export const limitHolds: Check = (trail) => {
  const { request, jobs, events, jobRun } = trail;
  const [job] = jobs;
  if (!job) return [];
  const [, percent, failed, done] = REASON.exec(job.reason ?? '') ?? [];
  const { limits } = request;
  const isRight =
    percent === undefined ||
    (Number(percent) === limits?.MaxFailedPercent &&
      Number(done) >= limits.AfterTasks &&
      Number(failed) * 100 > limits.MaxFailedPercent * Number(done));
  let scheduledAt = 0;
  let latePolls = 0;
  for (const { state, event } of eventsByState(events)) {
    if (event.type === 'LambdaFunctionScheduled') scheduledAt = event.at;
    const isPoll = state === 'DescribeJob' && event.type === 'LambdaFunctionSucceeded';
    const readAt = scheduledAt - jobRun.plan.service.staleSeconds * 1000;
    if (isPoll && cancellable.test(String(event.details?.['output'])) && isExceeded(trail, job, readAt))
      latePolls++;
  }
  return [
    ...(isRight ? [] : [`the job was cancelled for the limits ${JSON.stringify(limits)}: ${job.reason}`]),
    ...(latePolls > LATE_POLLS ? [`a job beyond its limit still runs after ${latePolls} checks`] : []),
  ];
};

/** The reason of a cancellation reaches the record and the final notice. */
export const reasonKept: Check = ({ jobs, record, notices }) => {
  const reason = jobs[0]?.reason;
  if (record?.outcome !== 'Cancelled' || reason === undefined) return [];
  const isSaid = notices.some(({ notice }) => notice.kind === 'final' && notice.summary.includes(reason));
  return isSaid && record.job?.StatusUpdateReason === reason ? [] : [`the reason is lost: ${reason}`];
};

/** Only somebody's call or an exceeded limit cancels a job. */
export const cancelledForReason: Check = ({ jobs, cancelledAt, request, jobRun }) => {
  const [job] = jobs;
  const isWanted = cancelledAt !== undefined || jobRun.plan.people.cancel !== undefined;
  return job?.reason === undefined || isWanted || (request.limits && REASON.test(job.reason))
    ? []
    : [`the job was cancelled: ${job.reason}`];
};
