import type { FailureReason, Notice, Outcome } from '../../core/generated/notice.mjs';
import { activeSecondsOf, countsOf, type Job, reportLocationOf } from '../job/job.ts';
import { outcomeOf, stageOf } from '../job/job-status.ts';
import { failureReasonsOf } from '../job/remedies.ts';
import type { Event, ReportState } from '../notice/event.ts';
import { type Deployment, noticeOf } from '../notice/notice.ts';
import type { NoticeKind, PublishableNotice } from '../notice/publishable-notice.ts';
import type { AcceptedRequest } from '../request/create-job-input.ts';
import { startsRetry } from '../rows/retry-chain.ts';
import { nextWaitSeconds } from './wait-policy.ts';

const APPEARS_WITHIN_SECONDS = 600;
const MIN_WAIT_SECONDS = 15;

const NOT_STARTED = {
  state: 'not-started' as const,
  reason: 'The function start-retry failed. Its log says why',
};

/** The final record of a job request, which is the output of its execution. */
export interface FinalRecord {
  jobRequestId: string;
  outcome: Outcome;
  /** RFC 3339, when the end was noticed. */
  noticedAt: string;
  jobId?: string;
  job?: Job;
  failureReasons: FailureReason[];
  /** Absent when S3 writes no report. */
  report?: ReportState;
  /** Absent unless the request asks for retries and tasks qualify. */
  retry?: Notice['retry'];
}

/** The result of one poll: how the state machine continues, what it publishes, how long it waits. */
export interface Step {
  jobId?: string;
  /** S3's status, `Scheduled`, `NotCreated`, `Cancelled`, or `Unknown` when S3 does not return the job. */
  status: string;
  waitSeconds: number;
  /** To publish now. */
  notice?: PublishableNotice;
  /** Only at the end. */
  outcome?: Outcome;
  record?: FinalRecord;
  /** From create-job, if wanted: the notice to publish when the status could not be read for an hour. */
  statusUnreadable?: PublishableNotice;
}

/** One poll of a job's status. */
export interface Poll {
  request: AcceptedRequest;
  deployment: Deployment;
  /** RFC 3339, when the state was entered. */
  time: string;
  jobId: string;
  /** RFC 3339, when the job was created. */
  createdAt: string;
  /** RFC 3339, the first poll that failed since one succeeded. */
  unreadableSince?: string | null;
  /** Kinds of the notices that were published. */
  notified: readonly string[];
}

const isWanted = (kind: NoticeKind, { watch }: AcceptedRequest) =>
  kind === 'needs-confirmation' ||
  kind === 'final' ||
  (watch.Notices ?? ['status-unreadable']).includes(kind);

export const secondsBetween = (from: string, to: string) =>
  Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

/** Right after CreateJob, S3 may not return the job yet. Later, a job that S3 does not return is lost. */
export const mayAppear = (createdAt: string, time: string): boolean =>
  secondsBetween(createdAt, time) < APPEARS_WITHIN_SECONDS;

/** A retry can start later than planned, so its deadline counts from the creation of its job. */
const secondsToDeadline = ({ request, createdAt, time }: Poll): number =>
  (request.watch.DeadlineSeconds ?? Number.POSITIVE_INFINITY) -
  secondsBetween(request.chain ? createdAt : (request.startAt ?? request.submittedAt), time);

function finalStep(
  poll: Pick<Poll, 'request' | 'deployment' | 'time'>,
  event: Event & { outcome: Outcome },
): Step {
  const { job, jobId, refusal, outcome, status, report, retry } = event;
  return {
    ...(jobId && { jobId }),
    status,
    waitSeconds: 0,
    outcome,
    notice: noticeOf(event, poll.request, poll.deployment),
    record: {
      jobRequestId: poll.request.jobRequestId,
      outcome,
      noticedAt: poll.time,
      ...(jobId && { jobId }),
      ...(job && { job }),
      failureReasons: refusal ? [refusal] : job ? failureReasonsOf(job) : [],
      ...(report && { report }),
      ...(retry && { retry }),
    },
  };
}

/** The kind of notice that a running job needs now, unless it was published before. */
function kindOf(status: string, { notified, request }: Poll): NoticeKind | undefined {
  const isRunningAgain = notified.includes('needs-confirmation') && stageOf(status) === 'running';
  const kinds: NoticeKind[] = [
    ...(status === 'Suspended' ? ['needs-confirmation' as const] : []),
    ...(isRunningAgain ? ['running-again' as const] : []),
    // Here only if it could not be published when the job was created.
    'created',
  ];
  return kinds.find((kind) => !notified.includes(kind) && isWanted(kind, request));
}

/** The step after CreateJob succeeded. */
export function createdStep(poll: Omit<Poll, 'notified' | 'createdAt'>): Step {
  const { request, deployment, time, jobId } = poll;
  const job: Job = { JobId: jobId, Status: 'New', CreationTime: time };
  return {
    ...(isWanted('status-unreadable', request) && {
      statusUnreadable: noticeOf(
        { kind: 'status-unreadable', time, status: 'Unknown', jobId },
        request,
        deployment,
      ),
    }),
    jobId,
    status: 'New',
    waitSeconds: MIN_WAIT_SECONDS,
    ...(isWanted('created', request) && {
      notice: noticeOf({ kind: 'created', time, status: 'New', jobId, job }, request, deployment),
    }),
  };
}

/** The step of a request whose start time is still to come; undefined for any other. */
export const scheduledStep = ({ startAt }: AcceptedRequest, time: string): Step | undefined =>
  startAt !== undefined && Date.parse(time) < Date.parse(startAt)
    ? { status: 'Scheduled', waitSeconds: 0 }
    : undefined;

/** The failure reason of a request that was cancelled before its job was created. */
const cancellationOf = (reason: string): FailureReason => ({
  code: 'CancelledBeforeStart',
  reason,
  remedy: 'To run it after all, submit the request again.',
});

/** The record of a request that was cancelled before its job was created. */
export const cancelledRecord = (
  { jobRequestId }: AcceptedRequest,
  noticedAt: string,
  reason: string,
): FinalRecord => ({
  jobRequestId,
  outcome: 'Cancelled',
  noticedAt,
  failureReasons: [cancellationOf(reason)],
});

/** The step of a request that was cancelled before its job was created. */
export const cancelledStep = (poll: Pick<Poll, 'request' | 'deployment' | 'time'>, reason: string): Step =>
  finalStep(poll, {
    ...{ kind: 'final', outcome: 'Cancelled', status: 'Cancelled', time: poll.time },
    refusal: cancellationOf(reason),
  });

/** The step after S3 refused the job permanently. */
export const refusedStep = (
  poll: Pick<Poll, 'request' | 'deployment' | 'time'>,
  refusal: FailureReason,
): Step =>
  finalStep(poll, { kind: 'final', outcome: 'NotCreated', status: 'NotCreated', time: poll.time, refusal });

/** The step after DescribeJob answered. */
export function describedStep(poll: Poll, job: Job): Step {
  const { time, request, deployment, jobId } = poll;
  const { total, succeeded, failed } = countsOf(job);
  const outcome = outcomeOf(job.Status, failed);
  if (outcome) {
    const location = reportLocationOf(job);
    // S3 may write the report shortly after the job has ended.
    const report = location && { ...location, state: 'not-there-yet' as const };
    return finalStep(poll, {
      kind: 'final',
      outcome,
      status: job.Status,
      time,
      jobId,
      job,
      ...(report && { report }),
      // The state StartRetry replaces it, unless start-retry fails.
      ...(report && startsRetry(request, outcome) && { retry: NOT_STARTED }),
    });
  }
  const left = secondsToDeadline(poll);
  if (left <= 0)
    return finalStep(poll, { kind: 'final', outcome: 'WatchEnded', status: job.Status, time, jobId, job });
  const kind = kindOf(job.Status, poll);
  const wait = nextWaitSeconds({
    ageSeconds: secondsBetween(job.CreationTime ?? request.submittedAt, time),
    // A limit must react within the normal wait, however steady the progress is.
    ...(job.Status === 'Active' &&
      !request.limits && {
        active: { seconds: activeSecondsOf(job), tasksDone: succeeded + failed, tasksTotal: total },
      }),
  });
  return {
    jobId,
    status: job.Status,
    waitSeconds: Math.min(wait, Math.ceil(left)),
    ...(kind && { notice: noticeOf({ kind, time, status: job.Status, jobId, job }, request, deployment) }),
  };
}

/** The step after a poll that failed. Undefined before the deadline, because the state retries. */
export const unreadableStep = (poll: Poll): Step | undefined =>
  secondsToDeadline(poll) > 0
    ? undefined
    : finalStep(poll, {
        kind: 'final',
        outcome: 'WatchEnded',
        status: 'Unknown',
        time: poll.time,
        jobId: poll.jobId,
      });

/** The step after S3 did not find the job. A new job may appear later, an older one is lost. */
export function missingStep(poll: Poll): Step {
  const { createdAt, time, jobId } = poll;
  if (mayAppear(createdAt, time)) return { jobId, status: 'Unknown', waitSeconds: MIN_WAIT_SECONDS };
  return finalStep(poll, { kind: 'final', outcome: 'Lost', status: 'Unknown', time, jobId });
}

/** The final step again, with what is known by now of the completion report and of the automatic retry. */
export function completedStep(
  poll: Pick<Poll, 'request' | 'deployment'>,
  { outcome, job, noticedAt: time, report, retry }: FinalRecord & { job: Job },
): Step {
  return finalStep(
    { ...poll, time },
    {
      ...{ kind: 'final', outcome, status: job.Status, time, jobId: job.JobId, job },
      ...(report && { report }),
      ...(retry && { retry }),
    },
  );
}
