import { MISSING_VERSION } from '../operations/object-operation.ts';
import type { Landing, Operation, Task } from '../operations/operation.ts';
import type { Recorder } from './recorder.ts';

/** The tasks that are under way. An operation that answers at once never has any. */
export interface Flight {
  /** Starts the task; its outcome is recorded now, or when it has come and `land` is called. */
  start(task: Task): void;
  /** Records the outcomes that have come since the last time; call it in the transaction of the tasks' effects. */
  land(): void;
  readonly isFull: boolean;
  readonly isEmpty: boolean;
  /** Resolves when there is an outcome to record, or the signal is aborted. */
  nextLanding(signal: AbortSignal): Promise<void>;
}

export function createFlight(operation: Operation, recorder: Recorder): Flight {
  let settled: { task: Task; last: Landing }[] = [];
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
      void outcome.then((last) => {
        settled.push({ task, last });
        wake();
      });
    },
    land() {
      for (const { task, last } of settled) recorder.add(task, typeof last === 'function' ? last() : last);
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
