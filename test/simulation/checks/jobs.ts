import { endOf } from '../world/job.ts';
import { type Check, eventsByState } from './job-request.ts';

const MAX_EVENTS = 25_000;
const YEAR_MS = 365 * 86_400_000;

/** However often anything was tried again, lost, killed or stopped. */
export const oneJob: Check = ({ jobs }) =>
  jobs.length > 1 ? [`there are ${jobs.length} S3 jobs for one job request`] : [];

export const ends: Check = ({ status }) => (status === 'RUNNING' ? ['the execution never ended'] : []);

/** The last event of a full history closes the execution as FAILED. */
export const history: Check = ({ events }) =>
  events.length >= MAX_EVENTS ? [`the history is full: ${events.length} events`] : [];

/** Only an operator, or a job that is longer than an execution may be, ends a watch without its last state. */
export const breaksForReason: Check = ({ life, status, events, closedAt }) => {
  const startedAt = events[0]?.at ?? 0;
  const isMeant =
    status === 'SUCCEEDED' ||
    status === 'RUNNING' ||
    (status === 'ABORTED' && life.plan.people.abortAfterSeconds !== undefined) ||
    (status === 'TIMED_OUT' && closedAt - startedAt >= YEAR_MS);
  if (isMeant) return [];
  const { error, cause } = (events.at(-1)?.details ?? {}) as { error?: string; cause?: string };
  return [`the execution ${status}: ${error}: ${cause}`];
};

/** One failed attempt is no reason to give up; what is refused for good never gets there. */
export const givesUpLate: Check = ({ events }) => {
  let failures = 0;
  let gaveUp = false;
  for (const { state, event } of eventsByState(events)) {
    if (state === 'CreateJob' && /^LambdaFunction(Failed|TimedOut)$/.test(event.type)) failures++;
    gaveUp ||= state === 'PublishStoppedWatch';
  }
  return gaveUp && failures < 2 ? [`creating the job was given up after ${failures} failures`] : [];
};

/** The output says what the final notice said. */
export const output: Check = ({ id, status, record, notices }) => {
  if (status !== 'SUCCEEDED') return record ? ['an execution that broke has an output'] : [];
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
export const shownEnd: Check = ({ status, record, shown, jobs, life }) => {
  const job = jobs.find(({ id }) => id === record?.jobId);
  const isOver = job !== undefined && record?.outcome === 'WatchEnded' && endOf(job).from <= life.endedAt;
  const isRight =
    status === 'SUCCEEDED'
      ? shown?.state === 'Ended' && (shown.outcome === record?.outcome || isOver)
      : shown?.state === 'NotWatched' || (shown?.state === 'Ended' && shown.outcome === 'NotCreated');
  return isRight ? [] : [`GET shows ${JSON.stringify([shown?.status, shown?.state, shown?.outcome])}`];
};
