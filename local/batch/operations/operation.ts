import type { ObjectTarget } from '../object-store.ts';

/** One operation on one object: a row of the manifest. `versionId` is empty when its column was. */
export interface Task extends ObjectTarget {
  /** Counted from 0 in the order of the manifest. */
  number: number;
  /** The key as the manifest has it, URL-encoded. */
  rawKey: string;
  /** Index of the manifest's file and the offset just after the row. */
  file: number;
  end: number;
}

/** How a task ended, as the completion report tells it. */
export interface TaskOutcome {
  succeeded: boolean;
  httpStatus: number;
  /** Empty for a success. */
  errorCode: string;
  message: string;
}

/** The outcome of a task that took time, or its last step, which runs in the transaction that records the outcome. */
export type Landing = TaskOutcome | (() => TaskOutcome);

export interface Operation {
  /** Runs one task; never throws or rejects. Answers at once where it can, which is by far the faster way. */
  run(task: Task): TaskOutcome | Promise<Landing>;
  /** How many tasks may be under way at a time. */
  readonly concurrency: number;
  /** Whether tasks are better run in the order of their keys than in that of the manifest. */
  readonly inKeyOrder: boolean;
}
