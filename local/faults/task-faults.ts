import { toFailure } from '../batch/operations/object-operation.ts';
import type { DeferredOutcome, Operation } from '../batch/operations/operation.ts';
import type { Task, TaskOutcome } from '../batch/task.ts';
import type { EffectOf } from './fault.ts';
import { errorOf } from './fault-errors.ts';
import type { Faults } from './faults.ts';

type TaskEffect = EffectOf<'throttle' | 'error'>;

export interface FaultyRun {
  faults: Faults;
  /** The operation's name. */
  action: string;
  jobId: string;
  stopping: AbortSignal;
}

/** Runs one task with its faults. */
export function runTask(
  task: Task,
  operation: Operation,
  run: FaultyRun,
): TaskOutcome | Promise<DeferredOutcome> {
  const { faults, action, jobId, stopping } = run;
  const { bucket, key } = task;
  const { delayMs, effect } = faults.strike('task', { action, jobId, bucket, key });
  const act = () => (effect ? failTask(effect as TaskEffect, task, operation) : operation.run(task));
  if (delayMs === 0) return act();
  // A delayed task has its effect outside of the transaction of its outcome: a crash between the two repeats the task.
  return faults.wait(delayMs, stopping).then(act, neverCompletes);
}

/** The engine stops and drops the tasks in progress. */
const neverCompletes = () => new Promise<never>(() => {});

function failTask(
  effect: TaskEffect,
  task: Task,
  operation: Operation,
): TaskOutcome | Promise<DeferredOutcome> {
  const failure = toFailure(errorOf('batch', effect));
  const work = effect.type === 'error' && effect.afterWork ? operation.run(task) : undefined;
  if (!(work instanceof Promise)) return failure;
  return work.then((last) => () => {
    if (typeof last === 'function') last();
    return failure;
  });
}
