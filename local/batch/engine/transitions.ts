import type { JobStatus } from '@aws-sdk/client-s3-control';
import { canBecome, isTerminal } from '../job-status.ts';
import type { JobChanges, JobStore } from '../job-store.ts';

export interface StatusChange {
  jobId: string;
  from: JobStatus;
  to: JobStatus;
}

/** Moves a job from one status to the next and sets the times of that step, in one write. */
export interface Transitions {
  /** False when the job no longer has the status `from`; throws when the status model has no such step. */
  move(jobId: string, from: JobStatus, to: JobStatus, changes?: JobChanges): boolean;
}

export function createTransitions(
  jobs: JobStore,
  now: () => number,
  onChange: (change: StatusChange) => void,
): Transitions {
  return {
    move(jobId, from, to, changes = {}) {
      if (!canBecome(from, to)) throw new Error(`a job that is ${from} cannot become ${to}`);
      const times = timesOf(jobs, jobId, to, now());
      const isMoved = jobs.change(jobId, from, { ...times, ...changes, status: to });
      if (isMoved) onChange({ jobId, from, to });
      return isMoved;
    },
  };
}

function timesOf(jobs: JobStore, jobId: string, to: JobStatus, nowMs: number): JobChanges {
  if (to === 'Active') return { activeSinceMs: nowMs };
  if (to === 'Suspended') return { suspendedMs: nowMs };
  const job = jobs.find(jobId);
  const active = job?.activeSinceMs == null ? 0 : nowMs - job.activeSinceMs;
  return {
    activeMs: (job?.activeMs ?? 0) + active,
    activeSinceMs: null,
    ...(isTerminal(to) && { terminatedMs: nowMs }),
  };
}
