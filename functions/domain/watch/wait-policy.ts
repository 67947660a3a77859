const MIN_WAIT_SECONDS = 15;
const MIN_CAP_SECONDS = 30 * 60;
const MAX_PROGRESS_WAIT_SECONDS = 900;

/** What is known of a job when the next look is planned. */
export interface Seen {
  /** Seconds since the job was created. */
  ageSeconds: number;
  /** Counts of an Active job; left out in every other status. */
  active?: { seconds: number; tasksDone: number; tasksTotal: number };
}

/**
 * How long an Active job can certainly not end yet, by its mean rate so far; never more than doubles its time. The task
 * that is under way may be all but done, which matters where tasks are few.
 */
function progressWaitSeconds(active: Seen['active']): number {
  if (!active || active.tasksDone <= 0 || active.seconds <= 0) return 0;
  const done = Math.min(active.tasksDone + 1, active.tasksTotal);
  const remainingSeconds = ((active.tasksTotal - done) * active.seconds) / done;
  return Math.min(0.8 * remainingSeconds, active.seconds, MAX_PROGRESS_WAIT_SECONDS);
}

/**
 * Whole seconds until the next look: min(cap, max(15 s, 2 % of the age, progress)), cap = max(30 min, 0.25 % of the
 * age). An end is noticed within max(15 s, 2 %); no poller that promises as much polls less often, and a year stays
 * below 20,000 of the 25,000 history events of an execution.
 */
export function nextWaitSeconds({ ageSeconds, active }: Seen): number {
  const cap = Math.max(MIN_CAP_SECONDS, 0.0025 * ageSeconds);
  return Math.floor(
    Math.min(cap, Math.max(MIN_WAIT_SECONDS, 0.02 * ageSeconds, progressWaitSeconds(active))),
  );
}
