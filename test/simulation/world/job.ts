import type { CreateJobRequest, JobDescriptor } from '@aws-sdk/client-s3-control';
import type { JobPlan } from '../plan.ts';

/** A job of the model with its timeline, which a confirmation or a cancellation changes. Times are milliseconds. */
export interface Job {
  id: string;
  request: CreateJobRequest;
  plan: JobPlan;
  createdAt: number;
  timeline: Entry[];
  /** Why it was cancelled. */
  reason?: string;
  /** The lines of its manifest, if its tasks matter one by one. The first ones fail. */
  rows?: string[];
}

export interface Entry {
  status: string;
  from: number;
}
type Phase = readonly [status: string, seconds: number];

const EXPIRES_AFTER_SECONDS = 30 * 86_400;
const ENDS = new Set(['Complete', 'Failed', 'Cancelled']);

const lay = (from: number, phases: readonly Phase[]): Entry[] => {
  let at = from;
  return phases.map(([status, seconds]) => {
    const entry = { status, from: at };
    at += seconds * 1000;
    return entry;
  });
};

const failing = ({ endingSeconds }: JobPlan): Phase[] => [
  ['Failing', endingSeconds],
  ['Failed', 0],
];

/** From Ready to the end: Active between pauses, up to the share at which it fails. */
function running(plan: JobPlan): Phase[] {
  const until = plan.failsIn === 'Active' ? plan.failsAtShare : 1;
  const phases: Phase[] = [[plan.strangeStatus ?? 'Ready', plan.readySeconds]];
  let done = 0;
  for (const { atShare, seconds } of plan.pauses.filter(({ atShare }) => atShare < until)) {
    phases.push(['Active', (atShare - done) * plan.activeSeconds], ['Pausing', 5], ['Paused', seconds]);
    done = atShare;
  }
  phases.push(['Active', (until - done) * plan.activeSeconds]);
  if (until < 1) return [...phases, ...failing(plan)];
  return [...phases, ['Completing', plan.endingSeconds], ['Complete', 0]];
}

export function createJob(id: string, request: CreateJobRequest, plan: JobPlan, createdAt: number): Job {
  const preparing: Phase[] = [
    ['New', plan.newSeconds],
    ['Preparing', plan.preparingSeconds],
  ];
  const rest =
    plan.failsIn === 'Preparing'
      ? failing(plan)
      : request.ConfirmationRequired
        ? [['Suspended', EXPIRES_AFTER_SECONDS] as const, ...failing(plan)]
        : running(plan);
  return { id, request, plan, createdAt, timeline: lay(createdAt, [...preparing, ...rest]) };
}

const entryAt = ({ timeline }: Job, at: number): Entry =>
  timeline.findLast(({ from }) => from <= at) ?? (timeline[0] as Entry);

export const statusAt = (job: Job, at: number): string => entryAt(job, at).status;

/** How and when the job ends by its present timeline. */
export const endOf = ({ timeline }: Job): Entry => timeline.at(-1) as Entry;

function change(job: Job, at: number, phases: readonly Phase[]): void {
  job.timeline = [...job.timeline.filter(({ from }) => from <= at), ...lay(at, phases)];
}

/** A confirmation; false when the job's status does not allow it. */
export function confirm(job: Job, at: number): boolean {
  if (statusAt(job, at) !== 'Suspended') return false;
  change(job, at, running(job.plan));
  return true;
}

/** A cancellation; false when the job's status does not allow it. */
export function cancel(job: Job, at: number, reason: string | undefined): boolean {
  const status = statusAt(job, at);
  if (ENDS.has(status) || ['Cancelling', 'Completing', 'Failing'].includes(status)) return false;
  const isAtOnce = status === 'Suspended';
  change(job, at, [...(isAtOnce ? [] : [['Cancelling', job.plan.endingSeconds] as const]), ['Cancelled', 0]]);
  if (reason !== undefined) job.reason = reason;
  return true;
}

function activeMs({ timeline }: Job, at: number): number {
  return timeline.reduce((sum, { status, from }, i) => {
    const to = Math.min(timeline[i + 1]?.from ?? from, at);
    return status === 'Active' && to > from ? sum + to - from : sum;
  }, 0);
}

/** Tasks so far. */
export function countsAt(job: Job, at: number): { total: number; succeeded: number; failed: number } {
  const { plan, timeline } = job;
  const isPrepared = timeline.some(
    ({ status, from }) => from <= at && (status === 'Suspended' || status === running(plan)[0]?.[0]),
  );
  if (!isPrepared) return { total: 0, succeeded: 0, failed: 0 };
  const planned = plan.activeSeconds * 1000;
  const active = activeMs(job, at);
  // Timelines are sums of fractions, so less than a missing millisecond counts as done.
  const share = planned - active < 1 ? 1 : (active / planned) ** plan.curve;
  const done = Math.floor(plan.tasks * share);
  const failed = Math.floor(plan.failedTasks * share);
  return { total: plan.tasks, succeeded: done - failed, failed };
}

export interface Task {
  line: string;
  status: 'succeeded' | 'failed' | 'notRun';
  /** Of a failed task: the error is retryable. */
  isRetryable: boolean;
  /** Of a task that succeeded. */
  result: string;
}

/** What became of each row of the manifest at the end of the job. */
export function tasksOf(job: Job): Task[] {
  const { succeeded, failed } = countsAt(job, endOf(job).from);
  return (job.rows ?? []).map((line, i) => {
    const number = Number(/(\d+)$/.exec(line)?.[1]);
    return {
      line,
      status: i < failed ? 'failed' : i < failed + succeeded ? 'succeeded' : 'notRun',
      isRetryable: number % 2 === 0,
      result: number % 4 === 1 ? 'waiting' : 'restored',
    };
  });
}

/** DescribeJob's Job at a time; S3's clock is wrong by `skewMs`. */
export function describeJob(job: Job, at: number, skewMs: number): JobDescriptor {
  const { id, request, createdAt, reason, plan } = job;
  const { status, from } = entryAt(job, at);
  const { total, succeeded, failed } = countsAt(job, at);
  const date = (ms: number) => new Date(Math.floor((ms + skewMs) / 1000) * 1000);
  return {
    JobId: id,
    JobArn: `arn:aws:s3:us-east-1:000000000000:job/${id}`,
    Status: status as NonNullable<JobDescriptor['Status']>,
    ConfirmationRequired: request.ConfirmationRequired ?? false,
    Description: request.Description ?? '',
    Priority: request.Priority ?? 0,
    CreationTime: date(createdAt),
    Operation: request.Operation ?? {},
    Report: request.Report ?? { Enabled: false },
    ...(request.Manifest && { Manifest: request.Manifest }),
    ...(request.ManifestGenerator && { ManifestGenerator: request.ManifestGenerator }),
    ...(request.RoleArn && { RoleArn: request.RoleArn }),
    ProgressSummary: {
      TotalNumberOfTasks: total,
      NumberOfTasksSucceeded: succeeded,
      NumberOfTasksFailed: failed,
      Timers: { ElapsedTimeInActiveSeconds: Math.floor(activeMs(job, at) / 1000) },
    },
    ...(ENDS.has(status) && { TerminationDate: date(from) }),
    ...(reason !== undefined && status.startsWith('Cancel') && { StatusUpdateReason: reason }),
    ...(status === 'Failed' && { FailureReasons: [plan.failure] }),
  };
}
