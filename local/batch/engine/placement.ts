import type { JobStatus } from '@aws-sdk/client-s3-control';
import type { JobStore } from '../job-store.ts';
import { MAX_RUNNING_JOBS } from '../unconfirmed.ts';

export interface Placement {
  jobId: string;
  to: Extract<JobStatus, 'Active' | 'Pausing'>;
}

/**
 * The next step towards having the most urgent jobs run: a waiting job takes a free place, or a running job of
 * lower priority makes place for it. Undefined when all is as it should be.
 */
export function nextPlacement(jobs: JobStore): Placement | undefined {
  const waiting = jobs.idsByPriority(['Ready', 'Paused']);
  if (waiting.length === 0) return undefined;
  const active = jobs.idsByPriority(['Active']);
  const pausing = jobs.idsByPriority(['Pausing']);
  const [first] = waiting;
  if (first && active.length + pausing.length < MAX_RUNNING_JOBS) return { jobId: first.jobId, to: 'Active' };
  // Those that are pausing already make place for as many of the waiting jobs.
  const urgent = waiting[pausing.length];
  const least = active.at(-1);
  if (urgent && least && urgent.priority > least.priority) return { jobId: least.jobId, to: 'Pausing' };
  return undefined;
}
