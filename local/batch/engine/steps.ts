import type { JobFailure, JobStatus } from '@aws-sdk/client-s3-control';
import { turn } from '../../core/clock.ts';
import type { JobRecord } from '../job-record.ts';
import { ManifestFault } from '../manifest/manifest-fault.ts';
import { FAILURE_CODES, UNWRITABLE_REPORT } from '../unconfirmed.ts';
import type { EngineSettings } from './engine-settings.ts';
import { finishReport } from './finish.ts';
import { holdTime } from './hold.ts';
import { createPace } from './pace.ts';
import { prepareJob } from './prepare.ts';
import { runJob } from './run-job.ts';
import type { SliceBudget } from './slice.ts';
import type { Transitions } from './transitions.ts';

/** A job that is not confirmed fails after 30 days. */
const CONFIRMATION_MS = 30 * 24 * 60 * 60 * 1000;

export interface StepTools extends EngineSettings, Transitions {
  budget: SliceBudget;
  stopping: AbortSignal;
}

/** Runs a job while it has one status; `signal` is aborted when another caller changes the status. */
export type Step = (job: JobRecord, signal: AbortSignal) => void | Promise<void>;

export type UnfinishedStatus = Exclude<JobStatus, 'Complete' | 'Failed' | 'Cancelled'>;

export type Steps = Record<UnfinishedStatus, Step> & {
  /** Deletes what a job no longer needs once it has ended. */
  forget(jobId: string): Promise<void>;
};

export function createSteps(tools: StepTools): Steps {
  const { move, clock, results, manifests } = tools;

  return {
    New: ({ jobId }) => void move(jobId, 'New', 'Preparing'),
    Preparing: (job, signal) => clock.busy(() => prepare(job, signal, tools)),
    Suspended: (job, signal) => awaitConfirmation(job, signal, tools),
    Ready: untilAborted,
    Active: (job, signal) => activate(job, signal, tools),
    Pausing: ({ jobId }) => void move(jobId, 'Pausing', 'Paused'),
    Paused: untilAborted,
    Completing: (job) => clock.busy(() => complete(job, tools)),
    Failing: (job) => clock.busy(() => end(job, 'Failing', 'Failed', tools)),
    Cancelling: (job) => clock.busy(() => end(job, 'Cancelling', 'Cancelled', tools)),

    forget: (jobId) =>
      clock.busy(async () => {
        const forgetSome = () => results.removeSome(jobId) || manifests.forgetSome(jobId);
        while (!tools.stopping.aborted && forgetSome()) await turn();
      }),
  };
}

const untilAborted: Step = (_, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function prepare(job: JobRecord, signal: AbortSignal, tools: StepTools): Promise<void> {
  const { move, log, faults } = tools;
  const { jobId, request } = job;
  faults.beginJob(job);
  if (signal.aborted) return;
  try {
    const prepared = await prepareJob(job, tools, signal);
    if (signal.aborted) return;
    const isConfirmed = request.ConfirmationRequired === false && !faults.suspends(jobId);
    move(jobId, 'Preparing', isConfirmed ? 'Ready' : 'Suspended', prepared);
  } catch (error) {
    move(jobId, 'Preparing', 'Failing', { failureReasons: [manifestFailure(error, jobId, log)] });
  }
}

async function awaitConfirmation(
  job: JobRecord,
  signal: AbortSignal,
  { move, clock }: StepTools,
): Promise<void> {
  const remainingMs = (job.suspendedMs ?? clock.now()) + CONFIRMATION_MS - clock.now();
  await clock.sleep(remainingMs, signal).catch(() => {});
  if (signal.aborted) return;
  const failureReasons = [
    { FailureCode: FAILURE_CODES.expired, FailureReason: 'The job was not confirmed within 30 days' },
  ];
  move(job.jobId, 'Suspended', 'Failing', { failureReasons });
}

async function activate(job: JobRecord, signal: AbortSignal, tools: StepTools): Promise<void> {
  const { move, clock, log } = tools;
  const { jobId } = job;
  const hold = holdTime(clock);
  try {
    const end = await runJob(job, {
      ...tools,
      signal,
      hold,
      pace: createPace(tools.tasksPerSecond, clock, signal),
    });
    if (end === 'done') move(jobId, 'Active', 'Completing');
    if (end === 'overThreshold') move(jobId, 'Active', 'Failing', { failureReasons: [OVER_THRESHOLD] });
  } catch (error) {
    move(jobId, 'Active', 'Failing', { failureReasons: [manifestFailure(error, jobId, log)] });
  } finally {
    hold.end();
  }
}

const OVER_THRESHOLD: JobFailure = {
  FailureCode: FAILURE_CODES.threshold,
  FailureReason: 'More than half of the completed tasks failed',
};

async function complete(job: JobRecord, tools: StepTools): Promise<void> {
  const failure = await finishReport(job, { ...tools, nowMs: tools.clock.now() });
  if (!failure) tools.move(job.jobId, 'Completing', 'Complete');
  else tools.move(job.jobId, 'Completing', UNWRITABLE_REPORT.status, { failureReasons: [failure] });
}

async function end(job: JobRecord, from: JobStatus, to: JobStatus, tools: StepTools): Promise<void> {
  const failure = await finishReport(job, { ...tools, nowMs: tools.clock.now() });
  const failureReasons = failure ? [...job.failureReasons, failure] : job.failureReasons;
  tools.move(job.jobId, from, to, { failureReasons });
}

/** The failure reason of a job for a fault of its manifest; rethrows any other error. */
function manifestFailure(error: unknown, jobId: string, log: (line: string) => void): JobFailure {
  if (!(error instanceof ManifestFault)) throw error;
  log(`job ${jobId}: ${error.message}${error.where ? ` (${error.where})` : ''}`);
  return { FailureCode: error.failureCode, FailureReason: error.message };
}
