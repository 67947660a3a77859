import type { JobStatus } from '@aws-sdk/client-s3-control';

/** The statuses that may follow each status. */
const NEXT: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  New: ['Preparing', 'Cancelling'],
  Preparing: ['Ready', 'Suspended', 'Failing', 'Cancelling'],
  Suspended: ['Ready', 'Cancelled', 'Failing'],
  Ready: ['Active', 'Failing', 'Cancelling'],
  Active: ['Completing', 'Pausing', 'Failing', 'Cancelling'],
  Pausing: ['Paused', 'Failing', 'Cancelling'],
  Paused: ['Active', 'Failing', 'Cancelling'],
  Completing: ['Complete', 'Failing'],
  Complete: [],
  Cancelling: ['Cancelled'],
  Cancelled: [],
  Failing: ['Failed'],
  Failed: [],
};

export const canBecome = (from: JobStatus, to: JobStatus): boolean => NEXT[from].includes(to);

export const isTerminal = (status: JobStatus): boolean => NEXT[status].length === 0;

/** Whether a job with this status occupies one of the slots for running jobs. */
export const isRunning = (status: JobStatus): boolean => status === 'Active' || status === 'Pausing';

/** Whether a job with this status waits for a slot. */
export const isQueued = (status: JobStatus): boolean => status === 'Ready' || status === 'Paused';

export const UNFINISHED_STATUSES = (Object.keys(NEXT) as JobStatus[]).filter((status) => !isTerminal(status));
