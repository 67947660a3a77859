import type { FailureReason, Outcome } from '../../core/generated/notice.mjs';
import { activeSecondsOf, countsOf, type Job, reportOf } from '../job/job.ts';
import { outcomeOf, stageOf } from '../job/job-status.ts';
import { failureReasonsOf } from '../job/remedies.ts';
import {
  type Event,
  type NoticeKind,
  noticeOf,
  type Place,
  type PublishableNotice,
  type ReportSeen,
} from '../notice/notice.ts';
import type { AcceptedRequest } from '../request/create-job-input.ts';
import { nextWaitSeconds } from './wait-policy.ts';

const APPEARS_WITHIN_SECONDS = 600;
const MIN_WAIT_SECONDS = 15;

/** The final record of a job request: the output of its execution. */
export interface FinalRecord {
  jobRequestId: string;
  outcome: Outcome;
  /** RFC 3339, when the end was noticed. */
  noticedAt: string;
  jobId?: string;
  job?: Job;
  failureReasons: FailureReason[];
  /** Absent when S3 writes none. */
  report?: ReportSeen;
}

/** What one look at the job tells the state machine: which way to go, what to publish, how long to wait. */
export interface Step {
  jobId?: string;
  /** S3's status, or `NotCreated`, or `Unknown` when S3 does not show the job. */
  status: string;
  waitSeconds: number;
  /** To be published now. */
  notice?: PublishableNotice;
  /** Only at the end. */
  outcome?: Outcome;
  record?: FinalRecord;
  /** From create-job: the notice to publish when the job could not be seen for an hour, if it is wanted. */
  cannotSee?: PublishableNotice;
}

/** One look at a job. */
export interface Look {
  request: AcceptedRequest;
  place: Place;
  /** RFC 3339, when the state was entered. */
  time: string;
  jobId: string;
  /** RFC 3339, when the job was created. */
  createdAt: string;
  /** Kinds of notices that are published already. */
  told: readonly string[];
}

const isWanted = (kind: NoticeKind, { watch }: AcceptedRequest) =>
  kind === 'needs-confirmation' || kind === 'final' || (watch.Notices ?? ['cannot-see']).includes(kind);

const secondsBetween = (from: string, to: string) => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

/** Right after CreateJob, S3 may not know the job yet; later one that it does not know is gone. */
export const mayAppear = (createdAt: string, time: string): boolean =>
  secondsBetween(createdAt, time) < APPEARS_WITHIN_SECONDS;

const secondsToDeadline = ({ request, time }: Look): number =>
  (request.watch.DeadlineSeconds ?? Number.POSITIVE_INFINITY) - secondsBetween(request.submittedAt, time);

function finalStep(
  look: Pick<Look, 'request' | 'place' | 'time'>,
  event: Event & { outcome: Outcome },
): Step {
  const { job, jobId, refusal, outcome, status, report } = event;
  return {
    ...(jobId && { jobId }),
    status,
    waitSeconds: 0,
    outcome,
    notice: noticeOf(event, look.request, look.place),
    record: {
      jobRequestId: look.request.jobRequestId,
      outcome,
      noticedAt: look.time,
      ...(jobId && { jobId }),
      ...(job && { job }),
      failureReasons: refusal ? [refusal] : job ? failureReasonsOf(job) : [],
      ...(report && { report }),
    },
  };
}

/** The kind of notice that a job which goes on calls for, if any and if not told already. */
function kindOf(status: string, { told, request }: Look): NoticeKind | undefined {
  const isRunningAgain = told.includes('needs-confirmation') && stageOf(status) === 'going';
  const kinds: NoticeKind[] = [
    ...(status === 'Suspended' ? ['needs-confirmation' as const] : []),
    ...(isRunningAgain ? ['running-again' as const] : []),
    // Here only if it could not go out when the job was created.
    'created',
  ];
  return kinds.find((kind) => !told.includes(kind) && isWanted(kind, request));
}

/** The step after CreateJob succeeded. */
export function createdStep(look: Omit<Look, 'told' | 'createdAt'>): Step {
  const { request, place, time, jobId } = look;
  const job: Job = { JobId: jobId, Status: 'New', CreationTime: time };
  return {
    ...(isWanted('cannot-see', request) && {
      cannotSee: noticeOf({ kind: 'cannot-see', time, status: 'Unknown', jobId }, request, place),
    }),
    jobId,
    status: 'New',
    waitSeconds: MIN_WAIT_SECONDS,
    ...(isWanted('created', request) && {
      notice: noticeOf({ kind: 'created', time, status: 'New', jobId, job }, request, place),
    }),
  };
}

/** The step after S3 refused the job for good. */
export const refusedStep = (look: Pick<Look, 'request' | 'place' | 'time'>, refusal: FailureReason): Step =>
  finalStep(look, { kind: 'final', outcome: 'NotCreated', status: 'NotCreated', time: look.time, refusal });

/** The step after DescribeJob answered. */
export function seenStep(look: Look, job: Job): Step {
  const { time, request, place, jobId } = look;
  const { total, succeeded, failed } = countsOf(job);
  const outcome = outcomeOf(job.Status, failed);
  if (outcome) {
    const place = reportOf(job);
    // S3 may write the report a little later than it says that the job has ended.
    const report = place && { ...place, state: 'not-there-yet' as const };
    return finalStep(look, {
      kind: 'final',
      outcome,
      status: job.Status,
      time,
      jobId,
      job,
      ...(report && { report }),
    });
  }
  const left = secondsToDeadline(look);
  if (left <= 0)
    return finalStep(look, { kind: 'final', outcome: 'WatchEnded', status: job.Status, time, jobId, job });
  const kind = kindOf(job.Status, look);
  const wait = nextWaitSeconds({
    ageSeconds: secondsBetween(job.CreationTime ?? request.submittedAt, time),
    ...(job.Status === 'Active' && {
      active: { seconds: activeSecondsOf(job), tasksDone: succeeded + failed, tasksTotal: total },
    }),
  });
  return {
    jobId,
    status: job.Status,
    waitSeconds: Math.min(wait, Math.ceil(left)),
    ...(kind && { notice: noticeOf({ kind, time, status: job.Status, jobId, job }, request, place) }),
  };
}

/** The step after a look that failed: none until the deadline has passed, for the state tries again. */
export const blindStep = (look: Look): Step | undefined =>
  secondsToDeadline(look) > 0
    ? undefined
    : finalStep(look, {
        kind: 'final',
        outcome: 'WatchEnded',
        status: 'Unknown',
        time: look.time,
        jobId: look.jobId,
      });

/** The step after S3 said that there is no such job: at first it may only be late, later it is lost. */
export function missingStep(look: Look): Step {
  const { createdAt, time, jobId } = look;
  if (mayAppear(createdAt, time)) return { jobId, status: 'Unknown', waitSeconds: MIN_WAIT_SECONDS };
  return finalStep(look, { kind: 'final', outcome: 'Lost', status: 'Unknown', time, jobId });
}

/** The last step again, with what was found in the report of the job that ended. */
export function summarizedStep(
  look: Pick<Look, 'request' | 'place'>,
  record: FinalRecord & { job: Job },
  report: ReportSeen,
): Step {
  const { outcome, job, noticedAt: time } = record;
  const event = { kind: 'final' as const, outcome, status: job.Status, time, jobId: job.JobId, job, report };
  return finalStep({ ...look, time }, event);
}
