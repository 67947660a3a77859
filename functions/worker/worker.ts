import type { Action } from './action.ts';
import { type ArgumentFault, readUserArguments } from './arguments.ts';
import {
  type InvocationAnswer,
  type InvocationEvent,
  type InvocationTask,
  type LambdaContext,
  objectOf,
  type TaskResult,
  type UserArguments,
} from './contract.ts';
import { ActionFailure, messageOf, resultCodeOf } from './failures.ts';
import { Invocation } from './invocation.ts';
import { textOf, withinLimit } from './result-string.ts';

export interface TaskFailure {
  jobId: string;
  taskId: string;
  resultCode: string;
  error: unknown;
}

export interface WorkerOptions {
  actions: readonly Action[];
  /** Names of actions that are off by default and are enabled. */
  enabled?: readonly string[];
  /** Called for each failed task. Messages can contain customer data: do not log them at info. */
  onFailure?: (failure: TaskFailure) => void;
}

const SCHEMAS = ['1.0', '2.0'];

function checkEvent(event: InvocationEvent): void {
  if (!Array.isArray(event?.tasks) || !event.job || !SCHEMAS.includes(event.invocationSchemaVersion))
    throw new TypeError(
      'this function accepts invocations by S3 Batch Operations only: an event with job and tasks, schema 1.0 or 2.0',
    );
}

function areEqual(one: UserArguments, other: UserArguments): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

const faultText = (faults: readonly ArgumentFault[]) =>
  faults
    .map(({ pointer, detail }) => `the user argument${pointer ? ` ${pointer.slice(1)}` : 's'} ${detail}`)
    .join('; ');

/**
 * A Lambda handler for S3 Batch Operations (schemas 1.0 and 2.0). Every task gets exactly one result, whatever its
 * action does; the handler throws only for an event that breaks the contract.
 */
export function createWorker({ actions, enabled = [], onFailure }: WorkerOptions) {
  // Consecutive invocations mostly belong to one job, so the arguments are read only when they change.
  let read: { from: UserArguments; found: ReturnType<typeof readUserArguments<Action>> } | undefined;
  function argumentsOf(userArguments: UserArguments) {
    if (!read || !areEqual(read.from, userArguments))
      read = { from: userArguments, found: readUserArguments(userArguments, actions, enabled) };
    return read.found;
  }

  function failed({ id: jobId }: InvocationEvent['job'], taskId: string, error: unknown): TaskResult {
    const resultCode = resultCodeOf(error);
    try {
      onFailure?.({ jobId, taskId, resultCode, error });
    } catch {
      // A listener that throws must not change the result.
    }
    return { taskId, resultCode, resultString: withinLimit(messageOf(error)) };
  }

  async function resultOf(
    task: InvocationTask,
    { run }: Action,
    invocation: Invocation,
    job: InvocationEvent['job'],
  ): Promise<TaskResult> {
    const { taskId } = task;
    try {
      const object = objectOf(task);
      const result = await invocation.inTime(() => run(object, invocation));
      return { taskId, resultCode: 'Succeeded', resultString: withinLimit(textOf(result)) };
    } catch (error) {
      return failed(job, taskId, error);
    }
  }

  async function resultsOf({ tasks, job }: InvocationEvent, lambda: LambdaContext): Promise<TaskResult[]> {
    const found = argumentsOf(job.userArguments ?? {});
    if ('faults' in found) {
      const error = new ActionFailure('PermanentFailure', faultText(found.faults));
      return tasks.map(({ taskId }) => failed(job, taskId, error));
    }
    const { action, values } = found;
    const invocation = new Invocation(lambda, values, job.id);
    try {
      return await Promise.all(tasks.map((task) => resultOf(task, action, invocation, job)));
    } finally {
      invocation.close();
    }
  }

  return async (event: InvocationEvent, lambda: LambdaContext): Promise<InvocationAnswer> => {
    checkEvent(event);
    return {
      invocationSchemaVersion: event.invocationSchemaVersion,
      treatMissingKeysAs: 'TemporaryFailure',
      invocationId: event.invocationId,
      results: await resultsOf(event, lambda),
    };
  };
}

export type Worker = ReturnType<typeof createWorker>;
