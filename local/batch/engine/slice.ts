import { SLICE_MS } from '../loop-turns.ts';

const MIN_TASKS = 50;
const MAX_TASKS = 5000;

/** How many tasks make up a slice; adapts to the time that they take. */
export interface SliceBudget {
  readonly tasks: number;
  /** Takes into account how long a slice of this many tasks took. */
  adapt(count: number, tookMs: number): void;
}

/** The slices of all running jobs together stay within the time of one slice. */
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
