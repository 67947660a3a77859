const MIN_WAIT_SECONDS = 15;
const MIN_CAP_SECONDS = 30 * 60;
const MAX_PROGRESS_WAIT_SECONDS = 900;

/** What is known of a job when the next poll is planned. */
export interface JobProgress {
  /** Seconds since the job was created. */
  ageSeconds: number;
  /** Of an Active job only. */
  active?: { seconds: number; tasksDone: number; tasksTotal: number };
}

/**
 * A part of the time that an Active job still needs at its mean rate so far, at most as long as it has been Active. One
 * task more counts as done: the current task may be nearly complete, which matters when there are few tasks.
 */
function progressWaitSeconds(active: JobProgress['active']): number {
  if (!active || active.tasksDone <= 0 || active.seconds <= 0) return 0;
  const done = Math.min(active.tasksDone + 1, active.tasksTotal);
  const remainingSeconds = ((active.tasksTotal - done) * active.seconds) / done;
  return Math.min(0.8 * remainingSeconds, active.seconds, MAX_PROGRESS_WAIT_SECONDS);
}

/**
 * Whole seconds until the next poll: min(cap, max(15 s, 2 % of the age, progress)), cap = max(30 min, 0.25 % of the
 * age). The watch notices an end within max(15 s, 2 %), with the fewest polls that can guarantee this. A watch of one
 * year needs less than 20,000 of the 25,000 history events of an execution.
 */
export function nextWaitSeconds({ ageSeconds, active }: JobProgress): number {
  const cap = Math.max(MIN_CAP_SECONDS, 0.0025 * ageSeconds);
  return Math.floor(
    Math.min(cap, Math.max(MIN_WAIT_SECONDS, 0.02 * ageSeconds, progressWaitSeconds(active))),
  );
}
