import { MISSING_VERSION } from '../operations/object-operation.ts';
import type { DeferredOutcome, Operation } from '../operations/operation.ts';
import type { Task } from '../task.ts';
import type { Recorder } from './recorder.ts';

/** The tasks in progress. An operation with synchronous answers never has any. */
export interface PendingTasks {
  /** Starts the task. Records a synchronous outcome now, any other when `recordCompleted` is called. */
  start(task: Task): void;
  /** Records the outcomes since the last call; call it in the transaction of the tasks' effects. */
  recordCompleted(): void;
  /** Waits for the tasks in progress, or until the signal is aborted, and drops their outcomes. */
  drop(signal: AbortSignal): Promise<void>;
  readonly isFull: boolean;
  readonly isEmpty: boolean;
  /** Resolves when there is an outcome to record, or the signal is aborted. */
  nextCompletion(signal: AbortSignal): Promise<void>;
}

export function createPendingTasks(operation: Operation, recorder: Recorder): PendingTasks {
  let settled: { task: Task; last: DeferredOutcome }[] = [];
  let inProgress = 0;
  let completion: Promise<void> | undefined;
  let wake = () => {};

  const awaitCompletion = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      wake = () => {
        signal.removeEventListener('abort', wake);
        completion = undefined;
        resolve();
      };
      signal.addEventListener('abort', wake);
    });

  async function nextCompletion(signal: AbortSignal): Promise<void> {
    if (settled.length > 0 || inProgress === 0 || signal.aborted) return;
    completion ??= awaitCompletion(signal);
    await completion;
  }

  return {
    nextCompletion,
    async drop(signal) {
      while (inProgress > 0 && !signal.aborted) {
        inProgress -= settled.length;
        settled = [];
        await nextCompletion(signal);
      }
    },
    start(task) {
      const outcome = task.versionId === '' ? MISSING_VERSION : operation.run(task);
      if (!(outcome instanceof Promise)) return recorder.add(task, outcome);
      inProgress++;
      const settle = (last: DeferredOutcome) => {
        settled.push({ task, last });
        wake();
      };
      outcome.then(settle, (error: unknown) =>
        settle(() => {
          throw error;
        }),
      );
    },
    recordCompleted() {
      for (const { task, last } of settled) recorder.add(task, typeof last === 'function' ? last() : last);
      inProgress -= settled.length;
      settled = [];
    },
    get isFull() {
      return inProgress >= operation.concurrency;
    },
    get isEmpty() {
      return inProgress === 0;
    },
  };
}
