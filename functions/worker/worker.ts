import {
  type InvocationAnswer,
  type InvocationEvent,
  type InvocationTask,
  type ObjectVersion,
  objectOf,
  type TaskResult,
} from './contract.ts';
import { ActionFailure, messageOf, resultCodeOf } from './failures.ts';

/** S3 keeps at most so much of a result string in the report. */
const MAX_RESULT_BYTES = 1024;
/** Kept free at the end of an invocation to give the answer. */
const ANSWER_MARGIN_MS = 1000;

export interface ActionContext {
  /** User arguments of the job; empty with schema 1.0. */
  arguments: Readonly<Record<string, string>>;
  /** Fires shortly before Lambda ends the invocation. */
  signal: AbortSignal;
}

/** What is done to one object: the result string on success, else an error (ActionFailure to say of which kind). */
export type Action = (object: ObjectVersion, context: ActionContext) => Promise<string>;

export interface WorkerOptions {
  actions: Readonly<Record<string, Action>>;
  /** Told of each failed task; must not be given keys at info. */
  onFailure?: (failure: { jobId: string; taskId: string; resultCode: string; error: unknown }) => void;
}

/** Cut to the limit between two characters. */
function withinLimit(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_RESULT_BYTES) return text;
  let end = MAX_RESULT_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end).toString();
}

function actionOf(event: InvocationEvent, actions: WorkerOptions['actions']): Action {
  const name = event.job.userArguments?.['action'];
  const action = name !== undefined && Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action) return action;
  const known = Object.keys(actions).join(', ');
  throw new ActionFailure(
    'PermanentFailure',
    `the user argument action is ${name === undefined ? 'missing' : JSON.stringify(name)}; known: ${known}`,
  );
}

const whenAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener(
      'abort',
      () => reject(new ActionFailure('TemporaryFailure', 'ran out of time; to be tried again')),
      { once: true },
    );
  });

/**
 * A Lambda handler for S3 Batch Operations (schemas 1.0 and 2.0). Every task gets exactly one result, whatever its
 * action does; only an event that is not of the contract makes it throw.
 */
export function createWorker({ actions, onFailure }: WorkerOptions) {
  async function resultOf(
    task: InvocationTask,
    event: InvocationEvent,
    signal: AbortSignal,
  ): Promise<TaskResult> {
    const { taskId } = task;
    try {
      const action = actionOf(event, actions);
      const context = { arguments: event.job.userArguments ?? {}, signal };
      const result = await Promise.race([action(objectOf(task), context), whenAborted(signal)]);
      return { taskId, resultCode: 'Succeeded', resultString: withinLimit(String(result)) };
    } catch (error) {
      const resultCode = resultCodeOf(error);
      onFailure?.({ jobId: event.job.id, taskId, resultCode, error });
      return { taskId, resultCode, resultString: withinLimit(messageOf(error)) };
    }
  }

  return async (
    event: InvocationEvent,
    lambda: { getRemainingTimeInMillis(): number },
  ): Promise<InvocationAnswer> => {
    if (!Array.isArray(event?.tasks) || !event.job)
      throw new TypeError(
        'this function takes invocations by S3 Batch Operations: an event with job and tasks',
      );
    const timeMs = Math.max(0, lambda.getRemainingTimeInMillis() - ANSWER_MARGIN_MS);
    const timeLimit = AbortSignal.timeout(timeMs);
    return {
      invocationSchemaVersion: event.invocationSchemaVersion,
      treatMissingKeysAs: 'TemporaryFailure',
      invocationId: event.invocationId,
      results: await Promise.all(event.tasks.map((task) => resultOf(task, event, timeLimit))),
    };
  };
}
