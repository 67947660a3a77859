import type { Notice } from '../../../functions/core/generated/notice.mjs';
import { countsAt, endOf, type Job, statusAt } from '../world/job.ts';
import type { Delivered } from '../world/topic.ts';
import { type Check, eventsByState, type JobRequestTrail, ofKind } from './job-request.ts';

const ENDED = ['Complete', 'Failed', 'Cancelled'];
const KEPT_MS = 90 * 86_400_000;

/** The final notice agrees with the model. */
export const trueOutcome: Check = (trail) =>
  ofKind(trail, 'final').flatMap((delivered) => {
    const wrong = faultOf(trail, delivered);
    return wrong ? [`the final notice says ${delivered.notice.outcome}, but ${wrong}`] : [];
  });

function faultOf(trail: JobRequestTrail, { at, notice }: Delivered): string | undefined {
  const job = trail.jobs[0];
  if (isStopped(trail) && notice.outcome !== 'Cancelled') return 'it was cancelled before its start';
  switch (notice.outcome) {
    case 'NotCreated':
      return job && 'there is a job';
    case 'Lost':
      return lostFault(trail, job, at, notice);
    case 'WatchEnded':
      return watchEndedFault(trail, job, at, notice);
    case 'Cancelled':
      if (!job) return trail.cancelledAt === undefined ? 'nobody cancelled it' : undefined;
      return endFault(job, at, notice);
    case undefined:
      return 'that is no outcome';
    default:
      return job ? endFault(job, at, notice) : 'there is no job';
  }
}

function endFault(job: Job, at: number, { outcome, counts }: Notice): string | undefined {
  const status = statusAt(job, at);
  const known = countsAt(job, at);
  const expected =
    status === 'Complete' ? (known.failed > 0 ? 'CompletedWithFailures' : 'Succeeded') : status;
  if (!ENDED.includes(status) || outcome !== expected) return `the job is ${status}`;
  return JSON.stringify(counts) === JSON.stringify(known)
    ? undefined
    : `its counts are ${JSON.stringify(known)}`;
}

/** S3 deletes a job only long after its end. Without a job id the job is not known. */
function lostFault(trail: JobRequestTrail, job: Job | undefined, at: number, notice: Notice) {
  if (notice.jobId)
    return job && at < endOf(job).from + KEPT_MS ? `the job is ${statusAt(job, at)}` : undefined;
  return created(trail) ? 'the job was created, and its id known' : undefined;
}

/** Whether the execution was stopped because the request was cancelled. */
const isStopped = ({ events }: JobRequestTrail) =>
  events.at(-1)?.details?.['error'] === 'CancelledBeforeStart';

/** Whether the state CreateJob ended with an answer, other than to wait for the start time. */
const created = ({ events }: JobRequestTrail) =>
  [...eventsByState(events)].some(
    ({ state, event }) =>
      state === 'CreateJob' &&
      event.type === 'TaskStateExited' &&
      /"status":(?!"Scheduled")/.test(String(event.details?.['output'])),
  );

function watchEndedFault(
  { jobRun, request, status }: JobRequestTrail,
  job: Job | undefined,
  at: number,
  notice: Notice,
): string | undefined {
  const { apiSkewSeconds, staleSeconds } = jobRun.plan.service;
  const polledAt = Date.parse(notice.time) - staleSeconds * 1000;
  if (!job) return 'there is no job';
  // When the status could not be read, the notice says that the job may still run.
  const isUnreadable = notice.status === 'Unknown' && !jobRun.plan.isCalm;
  if (!isUnreadable && ENDED.includes(statusAt(job, polledAt - 1000)))
    return `the job is ${statusAt(job, at)}`;
  const deadline =
    (request.chain ? job.createdAt : Date.parse(request.startAt ?? request.submittedAt)) +
    (request.watch.DeadlineSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  const isEarly = Date.parse(notice.time) < deadline - Math.abs(apiSkewSeconds) * 1000 - 1000;
  return status === 'SUCCEEDED' && isEarly ? 'the deadline has not passed' : undefined;
}

/** The digest counts the rows of the report; a report that was written in time was read. */
export const report: Check = ({ jobRun, record, jobs }) => {
  const [job] = jobs;
  if (!record || !job) return [];
  const { state, digest } = record.report ?? {};
  const { failed } = countsAt(job, endOf(job).from);
  const isMissed =
    jobRun.plan.isCalm &&
    state !== undefined &&
    (jobRun.plan.service.reportAfterSeconds ?? Number.POSITIVE_INFINITY) < 500 &&
    state !== 'summarized';
  return [
    ...(state === 'summarized' && digest?.failed !== failed
      ? [`the digest has ${digest?.failed} failures, the report ${failed}`]
      : []),
    ...(isMissed ? [`the report was written in time, and the record says ${state}`] : []),
  ];
};
