import { turn } from '../../core/clock.ts';

/** Work goes on in slices of about this long, so that the endpoints of the same process stay responsive. */
const SLICE_MS = 3;

const MIN_TASKS = 50;
const MAX_TASKS = 5000;

/** How many tasks make up a slice; follows the time that they take. */
export interface SliceBudget {
  readonly tasks: number;
  /** Told how long a slice of so many tasks took. */
  adapt(count: number, tookMs: number): void;
}

/** The slices of all running jobs together are to stay within the time of one. */
export function createSliceBudget(runningJobs: () => number): SliceBudget {
  let tasks = 200;
  return {
    get tasks() {
      return tasks;
    },
    adapt(count, tookMs) {
      if (count < MIN_TASKS) return;
      const targetMs = SLICE_MS / Math.max(1, runningJobs());
      const fitting = Math.min(tasks * 2, Math.max(tasks / 2, (count * targetMs) / tookMs));
      tasks = Math.max(MIN_TASKS, Math.min(MAX_TASKS, Math.round(fitting)));
    },
  };
}

/** Called again and again during long work: gives the event loop a turn whenever a slice of time is used up. */
export function createBreather(): () => Promise<void> {
  let startMs = performance.now();
  return async () => {
    if (performance.now() - startMs < SLICE_MS) return;
    await turn();
    startMs = performance.now();
  };
}
