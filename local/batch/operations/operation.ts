import type { Task, TaskOutcome } from '../task.ts';

/**
 * The outcome of a task that took time, or its last step. The last step runs in the transaction that records the
 * outcome.
 */
export type DeferredOutcome = TaskOutcome | (() => TaskOutcome);

export interface Operation {
  /** Runs one task. Throws or rejects only on a full disk. A synchronous answer is by far the faster one. */
  run(task: Task): TaskOutcome | Promise<DeferredOutcome>;
  /** How many tasks may be in progress at a time. */
  readonly concurrency: number;
  /** Whether tasks run faster in the order of their keys than in that of the manifest. */
  readonly inKeyOrder: boolean;
}
