import type { Child, JobResource, Links, Progress } from '../../core/generated/job-resource.mjs';
import { digestAnswerOf } from '../report/report-digest.ts';
import { type AcceptedRequest, callersDescription } from '../request/create-job-input.ts';
import { callersTags } from '../request/job-tags.ts';
import { operationNameOf } from '../request/operation.ts';
import { nextWaitSeconds } from '../watch/wait-policy.ts';
import type { FinalRecord } from '../watch/watch.ts';
import { activeSecondsOf, countsOf, etaSecondsOf, hasRest, type Job, reportLocationOf } from './job.ts';
import { cancelVerdict, confirmVerdict, outcomeOf, stageOf } from './job-status.ts';
import { failureReasonsOf } from './remedies.ts';

/** All that is known of a job request: its execution and, if there is one, its job. */
export interface JobRequestNow {
  request: AcceptedRequest;
  /** Of the execution: `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED`. */
  executionStatus: string;
  record?: FinalRecord;
  jobId?: string;
  /** RFC 3339, when S3 had answered CreateJob; known until the execution has a record. */
  createdAt?: string;
  /** As S3 describes it now, or as it did when the job ended. */
  job?: Job;
  /** The job could not be read from S3. */
  isUnreadable?: true;
  /** Only when the caller of this function read them. */
  children?: Child[];
}

function progressOf(job: Job): Progress {
  const counts = countsOf(job);
  const percent =
    counts.total > 0 ? Math.floor(((counts.succeeded + counts.failed) * 100) / counts.total) : 0;
  return { ...counts, percent, etaSeconds: etaSecondsOf(job) ?? null };
}

/** The outcome of a job that S3 has ended, even if the watch has not noticed it yet. */
const jobOutcomeOf = ({ job }: JobRequestNow) => job && outcomeOf(job.Status, countsOf(job).failed);

/** Whether the job is still to be created, at the start time of the request. */
export const isScheduled = ({ request, executionStatus, jobId, record }: JobRequestNow): boolean =>
  request.startAt !== undefined && executionStatus === 'RUNNING' && !jobId && !record;

function stateOf(now: JobRequestNow): JobResource['state'] {
  const { executionStatus, job, record } = now;
  if (record || (job && executionStatus === 'RUNNING' && jobOutcomeOf(now))) return 'Ended';
  if (executionStatus !== 'RUNNING') return 'NotWatched';
  if (isScheduled(now)) return 'Scheduled';
  return job ? 'Watched' : 'Requested';
}

/** Whether a job has ended with failed tasks that its report lists. */
export const hasFailures = (job: Job): boolean =>
  stageOf(job.Status) === 'ended' && countsOf(job).failed > 0 && reportLocationOf(job) !== undefined;

/** Of the job once S3 has ended it, also after WatchEnded; otherwise of the record. */
const knownOutcomeOf = (now: JobRequestNow): JobResource['outcome'] =>
  jobOutcomeOf(now) ?? now.record?.outcome ?? null;

function linksOf(now: JobRequestNow): Links {
  const { request, job } = now;
  const self = `/jobs/${request.jobRequestId}`;
  return {
    self,
    ...(request.parent && { parent: `/jobs/${request.parent.jobRequestId}` }),
    ...(job &&
      stageOf(job.Status) === 'ended' &&
      reportLocationOf(job) && { report: `${self}/report`, results: `${self}/results` }),
    ...(job && hasFailures(job) && { failures: `${self}/failures`, retryFailed: `${self}/retry-failed` }),
    ...(job && hasRest(job, request) && { runRest: `${self}/run-rest` }),
    ...(job && confirmVerdict(job.Status) === 'do-it' && { confirm: `${self}/confirm` }),
    ...((job ? cancelVerdict(job.Status) === 'do-it' : isScheduled(now)) && { cancel: `${self}/cancel` }),
  };
}

/** What GET /jobs/{id} shows. */
export function jobResourceOf(now: JobRequestNow): JobResource {
  const { request, record, jobId, job, children } = now;
  const digest = record?.report?.digest;
  return {
    jobRequestId: request.jobRequestId,
    state: stateOf(now),
    outcome: knownOutcomeOf(now),
    operation: operationNameOf(request.createJob),
    description: callersDescription(request.createJob.Description) ?? null,
    tags: callersTags(request.createJob.Tags),
    status: job?.Status ?? null,
    jobId: jobId ?? null,
    submittedAt: request.submittedAt,
    submittedBy: request.submittedBy ?? null,
    startAt: request.startAt ?? null,
    endedAt: job?.TerminationDate ?? record?.noticedAt ?? null,
    progress: job ? progressOf(job) : null,
    failureReasons: record?.failureReasons.length ? record.failureReasons : job ? failureReasonsOf(job) : [],
    report: (job && reportLocationOf(job)) ?? null,
    digest: digest ? digestAnswerOf(digest) : null,
    parent: request.parent ?? null,
    ...(children && { children }),
    request: request.createJob,
    job: job
      ? { ...job, ...(job.Description && { Description: callersDescription(job.Description) ?? '' }) }
      : null,
    warnings: request.warnings ?? [],
    links: linksOf(now),
  };
}

/** Whether the outcome is final: the job has ended, or the watch has ended without one. */
export const isFinal = ({ record, executionStatus, job }: JobRequestNow): boolean =>
  record !== undefined || (job ? stageOf(job.Status) === 'ended' : executionStatus !== 'RUNNING');

/** Seconds until the caller should ask again, by the wait policy; undefined when nothing changes any more. */
export function retryAfterSeconds(now: JobRequestNow, timeMs: number): number | undefined {
  const { request, job } = now;
  if (isFinal(now)) return undefined;
  const secondsToStart = isScheduled(now) ? (Date.parse(request.startAt ?? '') - timeMs) / 1000 : 0;
  if (secondsToStart > 0) return Math.ceil(secondsToStart);
  const ageSeconds = Math.max(
    0,
    (timeMs - Date.parse(job?.CreationTime ?? request.startAt ?? request.submittedAt)) / 1000,
  );
  if (job?.Status !== 'Active' || request.limits) return nextWaitSeconds({ ageSeconds });
  const { total, succeeded, failed } = countsOf(job);
  return nextWaitSeconds({
    ageSeconds,
    active: { seconds: activeSecondsOf(job), tasksDone: succeeded + failed, tasksTotal: total },
  });
}
