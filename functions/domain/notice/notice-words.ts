import { countsOf, type Job } from '../job/job.ts';
import type { Event } from './notice.ts';

const numbers = new Intl.NumberFormat('en-US');
const n = (count: number) => numbers.format(count);
const objects = (count: number) => (count === 1 ? '1 object' : `${n(count)} objects`);

const doneBefore = (job: Job) => {
  const { total, succeeded } = countsOf(job);
  if (total === 0) return 'no object was touched';
  return `${n(succeeded)} of ${objects(total)} ${total === 1 ? 'was' : 'were'} done before that`;
};

const withoutStop = (sentence: string | undefined) => sentence?.replace(/\.$/, '');

/** What happened, in words short enough for a subject line. */
export function headlineOf({ kind, outcome, job, jobId }: Event): string {
  const { total, failed } = job ? countsOf(job) : { total: 0, failed: 0 };
  switch (outcome) {
    case 'Succeeded':
      return total === 1 ? '1 object done' : `all ${objects(total)} done`;
    case 'CompletedWithFailures':
      return `${n(failed)} of ${objects(total)} failed`;
    case 'Failed':
      return 'the job failed';
    case 'Cancelled':
      return 'the job was cancelled';
    case 'NotCreated':
      return 'S3 refused the job';
    case 'Lost':
      return jobId ? 'S3 no longer knows the job' : 'nobody knows whether the job was created';
    case 'WatchEnded':
      return job ? 'no longer watched, the job goes on' : 'no longer watched, the job may go on';
    case undefined:
      break;
  }
  if (kind === 'needs-confirmation') return `confirm it to start on ${objects(total)}`;
  if (kind === 'running-again') return 'confirmed and running';
  return kind === 'cannot-see' ? 'the job cannot be seen' : 'the job is created';
}

/** What happened, in one sentence. */
export function summaryOf(event: Event): string {
  const { kind, outcome, job, refusal } = event;
  const reason = withoutStop(job?.FailureReasons?.[0]?.FailureReason);
  switch (outcome) {
    case 'Succeeded':
      return `The job is complete and ${headlineOf(event)}.`;
    case 'CompletedWithFailures':
      return `S3 calls the job complete, but ${headlineOf(event)}; the completion report says which and why.`;
    case 'Failed':
      return `The job failed${reason ? `: ${reason}` : ''}${job ? `; ${doneBefore(job)}` : ''}.`;
    case 'Cancelled':
      return `The job was cancelled${job?.StatusUpdateReason ? ` (${job.StatusUpdateReason})` : ''}${job ? `; ${doneBefore(job)}` : ''}.`;
    case 'NotCreated':
      return `S3 Batch Operations refused to create the job: ${withoutStop(refusal?.reason) ?? 'no reason given'}.`;
    case 'Lost':
      return event.jobId
        ? 'S3 Batch Operations does not know the job any more, so nobody can tell how it ended.'
        : `${event.breakdown ?? 'The watch broke'} before it was known whether S3 has made the job.`;
    case 'WatchEnded':
      return `${event.breakdown ?? 'The deadline of the watch has passed'}; the S3 job ${job ? 'goes on' : 'could not be seen and may go on'}, and no more notices come.`;
    case undefined:
      break;
  }
  if (kind === 'needs-confirmation')
    return `The job waits for a confirmation before it touches ${objects(job ? countsOf(job).total : 0)}; S3 fails it after 30 days without.`;
  if (kind === 'running-again') return 'The job was confirmed and is on its way.';
  if (kind === 'cannot-see') return 'The state of the job could not be read for an hour; the watch goes on.';
  return 'S3 Batch Operations has accepted the job.';
}

/** The calls for failed tasks, where a report names them. */
function failuresNext({ job, report }: Event, call: string): string[] {
  if (!job || !report || countsOf(job).failed === 0) return [];
  const again =
    report.digest?.mendableShare === 0
      ? `Mend the cause and POST ${call}/retry-failed with {"Codes": ["*"]} to run them again`
      : `POST ${call}/retry-failed to run those again that can succeed now`;
  return [`GET ${call}/failures to see what failed`, again];
}

/** What can be done now, one call each. */
export function nextOf(event: Event, jobRequestId: string): string[] {
  const { kind, outcome, jobId } = event;
  const call = `/jobs/${jobRequestId}`;
  if (kind === 'needs-confirmation')
    return [`POST ${call}/confirm to start it`, `POST ${call}/cancel to drop it`];
  if (kind !== 'final') return [`GET ${call} to follow it`, `POST ${call}/cancel to stop it`];
  if (outcome === 'WatchEnded') return [`GET ${call} to see the job`, `POST ${call}/cancel to stop it`];
  if (outcome === 'Lost' && !jobId)
    return [`Look in the S3 console for a job whose description ends with [${jobRequestId}]`];
  const again =
    outcome === 'NotCreated' || outcome === 'Failed' ? ['Mend the reasons and POST /jobs again'] : [];
  return [...failuresNext(event, call), ...again];
}
