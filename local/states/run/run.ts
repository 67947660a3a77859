import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Leaving, Machine } from '../definition/machine.ts';
import type { Bindings } from '../expressions/expression.ts';
import { isTooLong, type Json, type JsonObject } from '../json.ts';
import { StateError, tooLongError } from '../state-error.ts';
import type { Execution, Pause, Position } from '../store/execution.ts';
import type { Journal } from './journal.ts';
import type { Services } from './task-resource.ts';

/** An execution in this process. */
export interface Run {
  readonly execution: Execution;
  /** The parts of `$states.context` that stay the same. */
  readonly context: JsonObject;
  readonly machine: Machine;
  readonly journal: Journal;
  /** For waits. */
  readonly clock: Clock;
  /** For time limits. */
  readonly limits: Clock;
  readonly random: Random;
  readonly services: Services;
  /** `$now` and the like. */
  readonly functions: Bindings['functions'];
  /** Aborted when the execution is closed from outside, or this process stops. */
  readonly signal: AbortSignal;
}

/** What follows a state. */
export interface Left {
  next: string | undefined;
  /** JSON text. */
  output: string;
  assigned: JsonObject;
  /** The same, each as JSON text. */
  texts: Record<string, string>;
}

/** The parts of `$states.context` that are the same in every state. */
export const contextOf = ({ arn, input, name, roleArn, startedAt, machineArn }: Execution): JsonObject => ({
  Execution: {
    Id: arn,
    Input: JSON.parse(input) as Json,
    Name: name,
    RoleArn: roleArn,
    StartTime: new Date(startedAt).toISOString(),
    RedriveCount: 0,
  },
  StateMachine: { Id: machineArn, Name: machineArn.split(':').at(-1) ?? '' },
});

/** What expressions of the present state can read. */
export function bind(
  { execution, functions, context, machine }: Run,
  { state, enteredAt, retries, input }: Position,
  outcome: { result?: Json; errorOutput?: Json } = {},
): Bindings {
  const State = {
    Name: state,
    EnteredTime: new Date(enteredAt).toISOString(),
    ...(machine.states.get(state)?.type === 'Task' && {
      RetryCount: retries.reduce((sum, count) => sum + count, 0),
    }),
  };
  const states = { input: JSON.parse(input) as Json, context: { ...context, State }, ...outcome };
  return { values: { ...execution.variables, states }, functions };
}

/** Evaluates Assign and Output before either takes effect. Without Output, `otherwise` is the output. */
export async function leave(
  position: Position,
  leaving: Leaving,
  bindings: Bindings,
  otherwise: Json,
): Promise<Left> {
  const assigned: JsonObject = {};
  const texts: Record<string, string> = {};
  for (const [name, template] of leaving.assign) {
    assigned[name] = await template(bindings);
    texts[name] = JSON.stringify(assigned[name]);
  }
  const output = JSON.stringify(leaving.output ? await leaving.output(bindings) : otherwise);
  if (isTooLong(output) || isTooLong(Object.values(texts).join(''))) throw tooLongError(position.state);
  return { next: leaving.next, output, assigned, texts };
}

/** Stores what happened so far, together with what the execution waits for now. */
export function hold(run: Run, position: Position, pause: Pause): void {
  position.pause = pause;
  run.journal.commit();
}

/** Waits for the rest of a pause, which may have ended while no process ran. */
export const sleepUntil = (run: Run, until: number): Promise<void> =>
  run.clock.sleep(Math.max(0, until - run.clock.now()), run.signal);

/** What AWS puts before the cause of a failure in a state. */
export const whileIn = ({ state, enteredEvent }: Position): string =>
  `An error occurred while executing the state '${state}' (entered at the event id #${enteredEvent}). `;

/** Id of the event before the state was entered, which AWS calls previous for a failed expression; 0 at the start. */
const eventBefore = ({ enteredEvent }: Position) =>
  enteredEvent === FIRST_STATE_ENTERED ? 0 : enteredEvent - 1;

/** Id of the event that enters the first state of an execution. */
const FIRST_STATE_ENTERED = 2;

/** The failure that Retry, Catch and the execution get. Records that of an expression in the history first. */
export function explain(run: Run, position: Position, error: unknown): StateError {
  if (!(error instanceof StateError)) throw error;
  const { code, message, location } = error;
  if (location === undefined) return error;
  const cause = `${whileIn(position)}${message}`;
  const details = { error: code, location, state: position.state };
  if (location === 'Timestamp') run.journal.record('EvaluationFailed', { ...details, cause: message });
  else run.journal.record('EvaluationFailed', { ...details, cause }, eventBefore(position));
  return new StateError(code, cause);
}
