import type { JobStatus } from '@aws-sdk/client-s3-control';
import type { JobStore } from '../job-store.ts';
import { MAX_RUNNING_JOBS } from '../unconfirmed.ts';

export interface ScheduleChange {
  jobId: string;
  to: Extract<JobStatus, 'Active' | 'Pausing'>;
}

/**
 * The next status change towards running the jobs of the highest priority: a waiting job takes a free slot, or a
 * running job of lower priority pauses to free one. Undefined when there is nothing to change.
 */
export function nextScheduleChange(jobs: JobStore): ScheduleChange | undefined {
  const waiting = jobs.idsByPriority(['Ready', 'Paused']);
  if (waiting.length === 0) return undefined;
  const active = jobs.idsByPriority(['Active']);
  const pausing = jobs.idsByPriority(['Pausing']);
  const [first] = waiting;
  if (first && active.length + pausing.length < MAX_RUNNING_JOBS) return { jobId: first.jobId, to: 'Active' };
  // Each pausing job will free a slot for one of the waiting jobs.
  const urgent = waiting[pausing.length];
  const least = active.at(-1);
  if (urgent && least && urgent.priority > least.priority) return { jobId: least.jobId, to: 'Pausing' };
  return undefined;
}
