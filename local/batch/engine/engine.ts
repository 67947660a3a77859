import type { JobFailure, JobStatus } from '@aws-sdk/client-s3-control';
import { turn } from '../../core/clock.ts';
import { canBecome, isQueued, isRunning, isTerminal, LIVE_STATUSES } from '../job-status.ts';
import { FAILURE_CODES } from '../unconfirmed.ts';
import type { EngineSettings } from './engine-settings.ts';
import { nextPlacement } from './placement.ts';
import { createSliceBudget } from './slice.ts';
import { createSteps, type LiveStatus } from './steps.ts';
import { createTransitions, type StatusChange, type Transitions } from './transitions.ts';

/** Lives the lives of all jobs: each is driven from status to status until it has ended. */
export interface Engine extends Transitions {
  /** Takes up every job that has not ended, where it was. */
  start(): void;
  /** Resolves when the engine no longer touches the database; nothing that was committed is lost. */
  stop(): Promise<void>;
  /** Starts the life of a new job. */
  begin(jobId: string): void;
  /** Gives the places of running jobs to the most urgent ones; to be called when a priority changed. */
  place(): void;
}

export function createEngine(settings: EngineSettings): Engine {
  const { jobs, results, manifests, clock, log } = settings;
  const stopping = new AbortController();
  const wakers = new Map<string, AbortController>();
  const lives = new Map<string, Promise<void>>();
  const transitions = createTransitions(jobs, clock.now, onChange);
  const runningJobs = () => jobs.idsByPriority(['Active']).length;
  const liveIds = () => jobs.idsByPriority(LIVE_STATUSES).map(({ jobId }) => jobId);
  const steps = createSteps({
    ...settings,
    ...transitions,
    budget: createSliceBudget(runningJobs),
    stopping: stopping.signal,
  });
  settings.faults.attach({ live: () => liveIds().flatMap((jobId) => jobs.find(jobId) ?? []), fail });

  function onChange({ jobId, from, to }: StatusChange): void {
    log(`job ${jobId}: ${from} -> ${to}`);
    wakers.get(jobId)?.abort();
    if ([from, to].some((status) => isRunning(status) || isQueued(status))) place();
  }

  function place(): void {
    if (stopping.signal.aborted) return;
    const placement = nextPlacement(jobs);
    if (!placement) return;
    const from = jobs.statusOf(placement.jobId) as JobStatus;
    transitions.move(placement.jobId, from, placement.to); // which places the next one
  }

  /** One status after the other; a step ends when the job's status changed or the engine stops. */
  async function live(jobId: string): Promise<void> {
    await clock.busy(turn); // whoever made the job sees it as New
    while (!stopping.signal.aborted) {
      const job = jobs.find(jobId);
      const waker = new AbortController();
      wakers.set(jobId, waker);
      if (!job || isTerminal(job.status)) return steps.forget(jobId);
      await steps[job.status as LiveStatus](job, waker.signal);
    }
  }

  /** A fault of ours ends the job, and never the process. */
  async function liveOrFail(jobId: string): Promise<void> {
    try {
      await live(jobId);
    } catch (error) {
      log(`job ${jobId}: ${error instanceof Error ? error.stack : error}`);
      if (!stopping.signal.aborted) abandon(jobId, String(error));
    } finally {
      wakers.delete(jobId);
      lives.delete(jobId);
    }
  }

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
    place();
  }

  function fail(jobId: string, failure: JobFailure): boolean {
    const status = jobs.statusOf(jobId);
    if (!status || !canBecome(status, 'Failing')) return false;
    return transitions.move(jobId, status, 'Failing', { failureReasons: [failure] });
  }

  function begin(jobId: string): void {
    if (!lives.has(jobId)) lives.set(jobId, liveOrFail(jobId));
  }

  return {
    ...transitions,
    place,
    begin,
    start() {
      jobs.resumeActive(clock.now());
      for (const jobId of [...liveIds(), ...results.jobIds(), ...manifests.jobIds()]) begin(jobId);
      place();
    },
    async stop() {
      stopping.abort();
      for (const waker of wakers.values()) waker.abort();
      await Promise.all(lives.values());
    },
  };
}
