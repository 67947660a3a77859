import { endOf } from '../world/job.ts';
import { type Check, eventsByState } from './job-request.ts';

const MAX_EVENTS = 25_000;
export const cancellable = /"status":"(New|Preparing|Suspended|Ready|Active|Paus)/;
const YEAR_MS = 365 * 86_400_000;

/** Holds for all retries, lost answers, killed functions and stops. */
export const oneJob: Check = ({ jobs }) =>
  jobs.length > 1 ? [`there are ${jobs.length} S3 jobs for one job request`] : [];

/** A job of somebody else is never watched, whatever its description says. */
export const ownJob: Check = ({ jobs, notices }) =>
  notices.flatMap(({ notice: { jobId } }) =>
    jobId === undefined || jobs.some(({ id }) => id === jobId)
      ? []
      : [`the notice is about the job ${jobId}`],
  );

export const ends: Check = ({ status }) => (status === 'RUNNING' ? ['the execution never ended'] : []);

/** The last event of a full history closes the execution as FAILED. */
export const history: Check = ({ events }) =>
  events.length >= MAX_EVENTS ? [`the history is full: ${events.length} events`] : [];

const isStoppedBeforeStart = (startAt: string | undefined, closedAt: number) =>
  startAt !== undefined && closedAt < Date.parse(startAt);

/** No job is created before the start of its request, which the clock of the API decides. */
export const startsInTime: Check = ({ request, jobs, jobRun }) => {
  const startMs = Date.parse(request.startAt ?? '') || jobRun.startedAt;
  return jobs.some(({ createdAt }) => createdAt < startMs) ? ['a job was created before its start time'] : [];
};

/** Polls after a cancellation that may still show a job that runs: old answers, and the check that cancels the job. */
export const LATE_POLLS = 3;

/**
 * After an acknowledged cancellation, create-job creates no job unless it has read the mark before. Such a job is cancelled
 * at its next check.
 */
export const staysCancelled: Check = ({ cancelledAt, jobs, events }) => {
  const [job] = jobs;
  if (!job || cancelledAt === undefined) return [];
  let scheduledAt = 0;
  let isCreatedLate = false;
  let latePolls = 0;
  for (const { state, event } of eventsByState(events)) {
    if (event.type === 'LambdaFunctionScheduled') scheduledAt = event.at;
    if (scheduledAt <= cancelledAt) continue;
    if (state === 'CreateJob' && event.type === 'LambdaFunctionScheduled')
      isCreatedLate ||= event.at <= job.createdAt;
    const isPoll = state === 'DescribeJob' && event.type === 'LambdaFunctionSucceeded';
    if (isPoll && cancellable.test(String(event.details?.['output']))) latePolls++;
  }
  return [
    ...(isCreatedLate ? ['a job was created after its cancellation'] : []),
    ...(latePolls > LATE_POLLS ? [`a cancelled job still runs after ${latePolls} checks`] : []),
  ];
};

/** Only an operator, or the time limit of an execution, stops a watch before its last state. */
export const breaksForReason: Check = ({ jobRun, status, events, closedAt, request }) => {
  const startedAt = events[0]?.at ?? 0;
  const isMeant =
    status === 'SUCCEEDED' ||
    status === 'RUNNING' ||
    (status === 'ABORTED' &&
      (jobRun.plan.people.abortAfterSeconds !== undefined ||
        isStoppedBeforeStart(request.startAt, closedAt))) ||
    (status === 'TIMED_OUT' && closedAt - startedAt >= YEAR_MS);
  if (isMeant) return [];
  const { error, cause } = (events.at(-1)?.details ?? {}) as { error?: string; cause?: string };
  return [`the execution ${status}: ${error}: ${cause}`];
};

/** One failed attempt is no reason to stop; a refusal does not reach this state. */
export const givesUpLate: Check = ({ events }) => {
  let failures = 0;
  let gaveUp = false;
  for (const { state, event } of eventsByState(events)) {
    if (state === 'CreateJob' && /^LambdaFunction(Failed|TimedOut)$/.test(event.type)) failures++;
    gaveUp ||= state === 'PublishStoppedWatch';
  }
  return gaveUp && failures < 2 ? [`creating the job was given up after ${failures} failures`] : [];
};

/** The output agrees with the final notice. */
export const output: Check = ({ id, status, record, notices }) => {
  if (status !== 'SUCCEEDED') return record ? ['a stopped execution has an output'] : [];
  const final = notices.findLast(({ notice }) => notice.kind === 'final')?.notice;
  if (!record || !final) return ['there is no output'];
  const said = [final.jobRequestId, final.outcome, final.jobId, final.failureReasons];
  const kept = [record.jobRequestId, record.outcome, record.jobId, record.failureReasons];
  return JSON.stringify(said) === JSON.stringify(kept) && record.jobRequestId === id
    ? []
    : [`the notice says ${JSON.stringify(said)}, the output ${JSON.stringify(kept)}`];
};

/**
 * GET /jobs/{id} shows the outcome of the record or, once S3 has ended the job, how the job ended. Without a record it
 * shows NotWatched, or that S3 refused the job.
 */
export const shownEnd: Check = ({ status, record, shown, jobs, jobRun }) => {
  const job = jobs.find(({ id }) => id === record?.jobId);
  const isOver = job !== undefined && record?.outcome === 'WatchEnded' && endOf(job).from <= jobRun.endedAt;
  const isRight =
    status === 'SUCCEEDED'
      ? shown?.state === 'Ended' && (shown.outcome === record?.outcome || isOver)
      : shown?.state === 'NotWatched' ||
        (shown?.state === 'Ended' && ['NotCreated', 'Cancelled'].includes(String(shown.outcome)));
  return isRight ? [] : [`GET shows ${JSON.stringify([shown?.status, shown?.state, shown?.outcome])}`];
};
