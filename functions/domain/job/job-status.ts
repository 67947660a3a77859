import type { Outcome } from '../../core/generated/notice.mjs';

/** The 13 statuses of S3 Batch Operations. Any other status is new and counts as still running. */
const statusesByStage = {
  beforeConfirmation: ['New', 'Preparing'],
  needsConfirmation: ['Suspended'],
  running: ['Ready', 'Active', 'Pausing', 'Paused', 'Completing'],
  endingBadly: ['Cancelling', 'Failing'],
  ended: ['Complete', 'Failed', 'Cancelled'],
} as const;

type Stage = keyof typeof statusesByStage;
export type Verdict = 'do-it' | 'already-so' | 'impossible';

export function stageOf(status: string): Stage | 'unknown' {
  for (const [stage, statuses] of Object.entries(statusesByStage))
    if ((statuses as readonly string[]).includes(status)) return stage as Stage;
  return 'unknown';
}

export const jobStatuses: readonly string[] = Object.values(statusesByStage).flat();

/** Statuses of jobs that have neither ended nor begun to end, so that no failure reason can be missing. */
export const openStatuses: readonly string[] = jobStatuses.filter(
  (status) => !['endingBadly', 'ended'].includes(stageOf(status)),
);

/** Whether a job in this status can be confirmed (requested status `Ready`): only a Suspended one. */
export function confirmVerdict(status: string): Verdict {
  if (status === 'Suspended') return 'do-it';
  return stageOf(status) === 'running' || status === 'Complete' ? 'already-so' : 'impossible';
}

/** Whether a job in this status can be cancelled: any that is not ending. */
export function cancelVerdict(status: string): Verdict {
  if (status === 'Cancelling' || status === 'Cancelled') return 'already-so';
  const stage = stageOf(status);
  return stage === 'ended' || stage === 'endingBadly' || status === 'Completing' ? 'impossible' : 'do-it';
}

/** Whether a job in this status can get another priority: any that has not ended and is not ending. */
export function priorityVerdict(status: string): Verdict {
  const stage = stageOf(status);
  return stage === 'ended' || stage === 'endingBadly' ? 'impossible' : 'do-it';
}

/** How a job ended; undefined while it runs. `Complete` with failed tasks is not a success. */
export function outcomeOf(status: string, failedTasks: number): Outcome | undefined {
  if (status === 'Complete') return failedTasks > 0 ? 'CompletedWithFailures' : 'Succeeded';
  if (status === 'Failed' || status === 'Cancelled') return status;
  return undefined;
}
