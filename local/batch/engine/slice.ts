import { turn } from '../../clock.ts';

/** Work goes on in slices of about this long, so that the endpoints of the same process stay responsive. */
const SLICE_MS = 3;

const MIN_TASKS = 50;
const MAX_TASKS = 5000;

/** How many tasks make up a slice; follows the time that they take. */
export interface SliceBudget {
  readonly tasks: number;
  /** `tookMs` is for a slice of `tasks` tasks. */
  adapt(tookMs: number): void;
}

/** The slices of all running jobs together are to stay within the time of one. */
export function createSliceBudget(runningJobs: () => number): SliceBudget {
  let tasks = 200;
  return {
    get tasks() {
      return tasks;
    },
    adapt(tookMs) {
      const targetMs = SLICE_MS / Math.max(1, runningJobs());
      const factor = Math.min(2, Math.max(0.5, targetMs / tookMs));
      tasks = Math.max(MIN_TASKS, Math.min(MAX_TASKS, Math.round(tasks * factor)));
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
