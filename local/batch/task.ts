import type { ObjectTarget } from './object-target.ts';

/** One operation on one object: a row of the manifest. `versionId` is empty when its column is empty. */
export interface Task extends ObjectTarget {
  /** Counted from 0 in the order of the manifest. */
  number: number;
  /** The key as the manifest has it, URL-encoded. */
  rawKey: string;
  /** Index of the manifest's file and the offset just after the row. */
  file: number;
  end: number;
}

/** How a task ended, as the completion report states it. */
export interface TaskOutcome {
  succeeded: boolean;
  httpStatus: number;
  /** Empty for a success. */
  errorCode: string;
  message: string;
}
