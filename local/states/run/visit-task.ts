import type { TaskState } from '../definition/machine.ts';
import { isTooLong, type Json, type JsonObject } from '../json.ts';
import { matchesError, StateError, tooLongError } from '../state-error.ts';
import type { Position, TaskCall } from '../store/execution.ts';
import { nextRetry } from './retry.ts';
import { bind, explain, hold, type Left, leave, type Run, sleepUntil } from './run.ts';
import { findResource, type TaskResource } from './task-resource.ts';

/** Time limit of a task without TimeoutSeconds, as on AWS. */
const LONGEST_CALL_SECONDS = 99_999_999;

export async function visitTask(run: Run, state: TaskState, position: Position): Promise<Left> {
  for (;;) {
    try {
      return await attempt(run, state, position);
    } catch (error) {
      const failure = explain(run, position, error);
      const retry = nextRetry(state.retry, position.retries, failure.code, run.random);
      if (!retry) return await catchFailure(run, state, position, failure);
      position.retries = retry.retries;
      hold(run, position, { kind: 'retry', until: run.clock.now() + retry.delayMs });
    }
  }
}

async function catchFailure(
  run: Run,
  state: TaskState,
  position: Position,
  failure: StateError,
): Promise<Left> {
  const catcher = state.catch.find(({ errorEquals }) => matchesError(errorEquals, failure.code));
  if (!catcher) throw failure;
  const errorOutput = failure.output;
  return leave(position, catcher, bind(run, position, { errorOutput }), errorOutput);
}

/** One attempt. It resumes a pause or repeats a call that an earlier process began. */
async function attempt(run: Run, state: TaskState, position: Position): Promise<Left> {
  if (position.pause?.kind === 'retry') await sleepUntil(run, position.pause.until);
  const resource = findResource(state.resource, run.services);
  const call =
    position.pause?.kind === 'task' ? position.pause : await schedule(run, state, position, resource);
  const resultText = await callResource(run, state, position, resource, call);
  const result = JSON.parse(resultText) as Json;
  return leave(position, state, bind(run, position, { result }), result);
}

async function schedule(
  run: Run,
  state: TaskState,
  position: Position,
  resource: TaskResource,
): Promise<TaskCall> {
  position.pause = undefined;
  const bindings = bind(run, position);
  const payload = state.arguments ? JSON.stringify(await state.arguments(bindings)) : position.input;
  const timeoutSeconds = await state.timeoutSeconds?.(bindings);
  if (isTooLong(payload)) throw tooLongError(state.resource);
  const limit: JsonObject = timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds };
  run.journal.record(`${resource.family}Scheduled`, { ...resource.schedule(payload), ...limit });
  run.journal.record(`${resource.family}Started`, resource.family === 'Task' ? resource.about : undefined);
  const call: TaskCall = { kind: 'task', payload, timeoutSeconds };
  hold(run, position, call);
  return call;
}

/** The answer to a call, as JSON. Records how the call ended. */
async function callResource(
  run: Run,
  state: TaskState,
  position: Position,
  resource: TaskResource,
  call: TaskCall,
): Promise<string> {
  const { family, about } = resource;
  try {
    const output = await withinLimit(run, resource.call(call.payload), call.timeoutSeconds);
    if (isTooLong(output)) throw tooLongError(state.resource);
    run.journal.record(`${family}Succeeded`, { ...about, output, outputDetails: { truncated: false } });
    return output;
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    const { code, message: cause } = error;
    const end = code === 'States.Timeout' ? 'TimedOut' : 'Failed';
    run.journal.record(`${family}${end}`, { ...about, error: code, ...(cause && { cause }) });
    throw error;
  } finally {
    position.pause = undefined;
  }
}

/** Settles at the answer, the time limit or the end of the run, whichever comes first. A later answer is ignored. */
function withinLimit(run: Run, answer: Promise<string>, seconds = LONGEST_CALL_SECONDS): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const end = () => reject(run.signal.reason);
  const cancel = run.limits.timer(seconds * 1000, () => reject(new StateError('States.Timeout', '')));
  run.signal.addEventListener('abort', end, { once: true });
  answer.then(resolve, reject);
  return promise.finally(() => {
    cancel();
    run.signal.removeEventListener('abort', end);
  });
}
