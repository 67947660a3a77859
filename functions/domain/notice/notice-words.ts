import { countsOf, hasRest, type Job } from '../job/job.ts';
import type { AcceptedRequest } from '../request/create-job-input.ts';
import type { Event } from './event.ts';

const numbers = new Intl.NumberFormat('en-US');
const n = (count: number) => numbers.format(count);
const objects = (count: number) => (count === 1 ? '1 object' : `${n(count)} objects`);

const doneBefore = (job: Job) => {
  const { total, succeeded } = countsOf(job);
  if (total === 0) return 'no object was changed';
  return `${n(succeeded)} of ${objects(total)} ${total === 1 ? 'was' : 'were'} completed before that`;
};

const withoutStop = (sentence: string | undefined) => sentence?.replace(/\.$/, '');

/** What happened, in a few words for the subject line. */
export function headlineOf({ kind, outcome, job, jobId }: Event): string {
  const { total, failed } = countsOf(job);
  switch (outcome) {
    case 'Succeeded':
      return total === 1 ? '1 object completed' : `all ${objects(total)} completed`;
    case 'CompletedWithFailures':
      return `${n(failed)} of ${objects(total)} failed`;
    case 'Failed':
      return 'the job failed';
    case 'Cancelled':
      return job ? 'the job was cancelled' : 'cancelled before the job was created';
    case 'NotCreated':
      return 'S3 refused the job';
    case 'Lost':
      return jobId ? 'S3 no longer has the job' : 'unknown whether the job was created';
    case 'WatchEnded':
      return job ? 'no longer watched, the job is still running' : 'no longer watched, the job may still run';
    case undefined:
      break;
  }
  if (kind === 'needs-confirmation') return `confirm the job to start on ${objects(total)}`;
  if (kind === 'running-again') return 'confirmed and running';
  return kind === 'status-unreadable' ? 'the job status cannot be read' : 'the job was created';
}

function retryWords({ retry }: Event): string {
  if (!retry) return '';
  return retry.state === 'started'
    ? ` A retry starts at ${retry.startAt}.`
    : ` No retry was started: ${withoutStop(retry.reason)}.`;
}

/** What happened, in one sentence, and what is retried, in another. */
export const summaryOf = (event: Event): string => `${endOf(event)}${retryWords(event)}`;

function endOf(event: Event): string {
  const { kind, outcome, job, refusal } = event;
  const reason = withoutStop(job?.FailureReasons?.[0]?.FailureReason);
  switch (outcome) {
    case 'Succeeded':
      return `The job is complete: ${headlineOf(event)}.`;
    case 'CompletedWithFailures':
      return `The job is complete, but ${headlineOf(event)}. The completion report lists them with their errors.`;
    case 'Failed':
      return `The job failed${reason ? `: ${reason}` : ''}${job ? `; ${doneBefore(job)}` : ''}.`;
    case 'Cancelled':
      if (!job) return `The request was cancelled before its job was created (${refusal?.reason}).`;
      return `The job was cancelled${job.StatusUpdateReason ? ` (${job.StatusUpdateReason})` : ''}; ${doneBefore(job)}.`;
    case 'NotCreated':
      return `S3 Batch Operations refused to create the job: ${withoutStop(refusal?.reason) ?? 'no reason given'}.`;
    case 'Lost':
      return event.jobId
        ? 'S3 Batch Operations no longer has the job. Its result is unknown.'
        : `${event.watchStopped ?? 'The watch stopped'}. It is unknown whether S3 has the job.`;
    case 'WatchEnded':
      return `${event.watchStopped ?? 'The deadline of the watch has passed'}. ${job ? 'The S3 job is still running' : 'The status of the S3 job could not be read, and the job may still run'}. No more notices follow.`;
    case undefined:
      break;
  }
  if (kind === 'needs-confirmation')
    return `The job waits for confirmation before it starts on ${objects(countsOf(job).total)}. After 30 days without confirmation, S3 fails it.`;
  if (kind === 'running-again') return 'The job was confirmed and is running.';
  if (kind === 'status-unreadable')
    return 'The status of the job could not be read for an hour. The watch continues.';
  return 'S3 Batch Operations has accepted the job.';
}

/** The calls for failed tasks, when a report lists them. */
function failuresNext({ job, report, retry }: Event, call: string): string[] {
  if (!job || !report || countsOf(job).failed === 0) return [];
  if (retry?.state === 'started') return [`GET ${call}/failures to list what failed`];
  const again =
    report.digest?.retryableShare === 0
      ? `Fix the cause and POST ${call}/retry-failed with {"Codes": ["*"]} to retry all failed objects`
      : `POST ${call}/retry-failed to retry the failed objects that can succeed now`;
  return [`GET ${call}/failures to list what failed`, again];
}

/** The call for rows that never ran; after a canary, for those that follow. */
const restNext = (
  { job }: Event,
  request: Pick<AcceptedRequest, 'jobRequestId' | 'createJob' | 'original'>,
) =>
  job && hasRest(job, request)
    ? [
        `POST /jobs/${request.jobRequestId}/run-rest to run the objects that ${request.original ? 'follow in the manifest' : 'never ran'}`,
      ]
    : [];

/** What the reader can do next, one call each. */
export function nextOf(
  event: Event,
  request: Pick<AcceptedRequest, 'jobRequestId' | 'createJob' | 'original'>,
): string[] {
  const { kind, outcome, jobId } = event;
  const { jobRequestId } = request;
  const call = `/jobs/${jobRequestId}`;
  if (kind === 'needs-confirmation')
    return [`POST ${call}/confirm to start it`, `POST ${call}/cancel to cancel it`];
  if (kind !== 'final') return [`GET ${call} to follow it`, `POST ${call}/cancel to cancel it`];
  if (outcome === 'WatchEnded') return [`GET ${call} to read its status`, `POST ${call}/cancel to cancel it`];
  if (outcome === 'Lost' && !jobId)
    return [`Search the S3 console for a job whose description ends with [${jobRequestId}]`];
  const retry =
    event.retry?.state === 'started'
      ? [
          `GET /jobs/${event.retry.jobRequestId} to follow the retry`,
          `POST ${call}/cancel with {"retries": true} to stop the retries`,
        ]
      : [];
  const again =
    outcome === 'NotCreated' || outcome === 'Failed'
      ? ['Fix what failureReasons names, and POST /jobs again']
      : [];
  const rest = retry.length > 0 ? [] : restNext(event, request);
  return [...retry, ...failuresNext(event, call), ...rest, ...again];
}
