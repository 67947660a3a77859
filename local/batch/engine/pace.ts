import type { Clock } from '../../core/clock.ts';

/** Limits a job to a number of tasks per second of the clock. */
export interface Pace {
  /** How many tasks may start now. */
  readonly allowance: number;
  /** Records that this many tasks were started. */
  spend(tasks: number): void;
  /** Resolves when tasks may start again, or the signal is aborted. */
  ready(): Promise<void>;
}

/** A paced job starts tasks about this often. */
const STEP_SECONDS = 0.1;

export function createPace(tasksPerSecond: number, clock: Clock, signal: AbortSignal): Pace {
  if (!Number.isFinite(tasksPerSecond)) {
    return { allowance: Number.POSITIVE_INFINITY, spend: () => {}, ready: async () => {} };
  }
  const stepTasks = Math.max(1, Math.floor(tasksPerSecond * STEP_SECONDS));
  const timeOf = (tasks: number) => (tasks / tasksPerSecond) * 1000;
  let readyMs = clock.now() + timeOf(stepTasks);
  let sleeping: Promise<void> | undefined;

  return {
    get allowance() {
      return clock.now() >= readyMs ? stepTasks : 0;
    },
    spend(tasks) {
      if (tasks > 0) readyMs = Math.max(readyMs, clock.now() - timeOf(stepTasks)) + timeOf(tasks);
    },
    ready() {
      // All waits share one timer.
      sleeping ??= clock
        .sleep(readyMs - clock.now(), signal)
        .catch(() => {})
        .finally(() => {
          sleeping = undefined;
        });
      return sleeping;
    },
  };
}
