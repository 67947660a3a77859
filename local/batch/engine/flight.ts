import type { Operation, Task, TaskOutcome } from '../operations/operation.ts';
import type { Recorder } from './recorder.ts';

/** The tasks that are under way. An operation that answers at once never has any. */
export interface Flight {
  /** Starts the task; its outcome is recorded now, or when it has come and `land` is called. */
  start(task: Task): void;
  /** Records the outcomes that have come since the last time. */
  land(): void;
  readonly isFull: boolean;
  readonly isEmpty: boolean;
  /** Resolves when there is an outcome to record, or the signal is aborted. */
  nextLanding(signal: AbortSignal): Promise<void>;
}

const MISSING_VERSION: TaskOutcome = {
  succeeded: false,
  httpStatus: 400,
  errorCode: 'InvalidRequest',
  message: 'Task failed due to missing VersionId',
};

export function createFlight(operation: Operation, recorder: Recorder): Flight {
  let settled: { task: Task; outcome: TaskOutcome }[] = [];
  let underWay = 0;
  let landing: Promise<void> | undefined;
  let wake = () => {};

  const awaitLanding = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      wake = () => {
        signal.removeEventListener('abort', wake);
        landing = undefined;
        resolve();
      };
      signal.addEventListener('abort', wake);
    });

  return {
    start(task) {
      const outcome = task.versionId === '' ? MISSING_VERSION : operation.run(task);
      if (!(outcome instanceof Promise)) return recorder.add(task, outcome);
      underWay++;
      void outcome.then((later) => {
        settled.push({ task, outcome: later });
        wake();
      });
    },
    land() {
      for (const { task, outcome } of settled) recorder.add(task, outcome);
      underWay -= settled.length;
      settled = [];
    },
    get isFull() {
      return underWay >= operation.concurrency;
    },
    get isEmpty() {
      return underWay === 0;
    },
    async nextLanding(signal) {
      if (settled.length > 0 || underWay === 0 || signal.aborted) return;
      landing ??= awaitLanding(signal);
      await landing;
    },
  };
}
