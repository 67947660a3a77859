import type { JobFailure, JobStatus } from '@aws-sdk/client-s3-control';
import { turn } from '../../core/clock.ts';
import { DISK_FULL_PAUSE_MS, isDiskFull, untilRoom } from '../../store/disk-full.ts';
import { canBecome, isQueued, isRunning, isTerminal, UNFINISHED_STATUSES } from '../job-status.ts';
import { FAILURE_CODES } from '../unconfirmed.ts';
import type { EngineSettings } from './engine-settings.ts';
import { nextScheduleChange } from './schedule.ts';
import { createSliceBudget } from './slice.ts';
import { createSteps, type UnfinishedStatus } from './steps.ts';
import { createTransitions, type StatusChange, type Transitions } from './transitions.ts';

/** Runs all jobs: takes each of them from status to status until it has ended. */
export interface Engine extends Transitions {
  /** Resumes every job that has not ended from its last committed position. */
  start(): void;
  /** Resolves when the engine no longer uses the database; keeps everything that was committed. */
  stop(): Promise<void>;
  /** Starts running a new job. */
  begin(jobId: string): void;
  /** Lets the jobs of the highest priority run; call it after a priority has changed. */
  schedule(): void;
}

export function createEngine(settings: EngineSettings): Engine {
  const { jobs, results, manifests, clock, log } = settings;
  const stopping = new AbortController();
  const wakers = new Map<string, AbortController>();
  const runs = new Map<string, Promise<void>>();
  const transitions = createTransitions(jobs, clock.now, onChange);
  const runningJobs = () => jobs.idsByPriority(['Active']).length;
  const unfinishedIds = () => jobs.idsByPriority(UNFINISHED_STATUSES).map(({ jobId }) => jobId);
  const steps = createSteps({
    ...settings,
    ...transitions,
    budget: createSliceBudget(runningJobs),
    stopping: stopping.signal,
  });
  settings.faults.attach({
    unfinished: () => unfinishedIds().flatMap((jobId) => jobs.find(jobId) ?? []),
    fail,
  });

  function onChange({ jobId, from, to }: StatusChange): void {
    log(`job ${jobId}: ${from} -> ${to}`);
    wakers.get(jobId)?.abort();
    if ([from, to].some((status) => isRunning(status) || isQueued(status))) schedule();
  }

  function schedule(): void {
    if (stopping.signal.aborted) return;
    try {
      const change = nextScheduleChange(jobs);
      if (!change) return;
      const from = jobs.statusOf(change.jobId) as JobStatus;
      transitions.move(change.jobId, from, change.to); // onChange calls schedule again
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      pause().then(schedule, () => {});
    }
  }

  const pause = () => clock.sleep(DISK_FULL_PAUSE_MS, stopping.signal);

  /** Runs one step per status; a step ends when the job's status has changed or the engine stops. */
  async function run(jobId: string): Promise<void> {
    await clock.busy(turn); // the caller of CreateJob can still read the status New
    while (!stopping.signal.aborted) {
      const job = jobs.find(jobId);
      const waker = new AbortController();
      wakers.set(jobId, waker);
      if (!job || isTerminal(job.status)) return steps.forget(jobId);
      await steps[job.status as UnfinishedStatus](job, waker.signal);
    }
  }

  /** An unforeseen error ends the job, never the process. A job on a full disk continues when there is room. */
  async function runOrAbandon(jobId: string): Promise<void> {
    try {
      await untilRoom(() => run(jobId), pauseOf(jobId));
    } catch (error) {
      if (stopping.signal.aborted) return;
      log(`job ${jobId}: ${error instanceof Error ? error.stack : error}`);
      await untilRoom(() => abandon(jobId, String(error)), pauseOf(jobId)).catch(() => {});
    } finally {
      wakers.delete(jobId);
      runs.delete(jobId);
    }
  }

  /** Logs the full disk once, however long it lasts. */
  const pauseOf = (jobId: string) => {
    let isLogged = false;
    return () => {
      if (!isLogged) log(`job ${jobId}: the disk is full; the job continues when there is room`);
      isLogged = true;
      return pause();
    };
  };

  function abandon(jobId: string, reason: string): void {
    const status = jobs.statusOf(jobId);
    if (!status || isTerminal(status)) return;
    const failureReasons = [{ FailureCode: FAILURE_CODES.internal, FailureReason: reason.slice(0, 256) }];
    jobs.change(jobId, status, {
      status: 'Failed',
      terminatedMs: clock.now(),
      activeSinceMs: null,
      failureReasons,
    });
    schedule();
  }

  function fail(jobId: string, failure: JobFailure): boolean {
    const status = jobs.statusOf(jobId);
    if (!status || !canBecome(status, 'Failing')) return false;
    return transitions.move(jobId, status, 'Failing', { failureReasons: [failure] });
  }

  function begin(jobId: string): void {
    if (!runs.has(jobId)) runs.set(jobId, runOrAbandon(jobId));
  }

  return {
    ...transitions,
    schedule,
    begin,
    start() {
      jobs.resumeActive(clock.now());
      for (const jobId of [...unfinishedIds(), ...results.jobIds(), ...manifests.jobIds()]) begin(jobId);
      schedule();
    },
    async stop() {
      stopping.abort();
      for (const waker of wakers.values()) waker.abort();
      await Promise.all(runs.values());
    },
  };
}
