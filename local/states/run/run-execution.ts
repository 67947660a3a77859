import type { State } from '../definition/machine.ts';
import type { JsonObject } from '../json.ts';
import { StateError } from '../state-error.ts';
import type { Closing, Position } from '../store/execution.ts';
import { explain, type Left, type Run } from './run.ts';
import { visitState } from './visit-state.ts';

/**
 * Runs an execution from its position to its end, or until the run's signal is aborted; then the store has everything
 * that is needed to resume it. A state that waits for nothing is stored in one transaction with the next that does.
 */
export async function runExecution(run: Run): Promise<void> {
  try {
    run.journal.close(await reachEnd(run));
  } catch (error) {
    if (!run.signal.aborted) throw error;
  }
}

async function reachEnd(run: Run): Promise<Closing> {
  try {
    let position = run.execution.position ?? enter(run, run.machine.startAt, run.execution.input, 0);
    for (;;) {
      const state = stateAt(run, position.state);
      const left = await visit(run, state, position);
      exit(run, state, position, left);
      if (left.next === undefined) return { status: 'SUCCEEDED', output: left.output };
      position = enter(run, left.next, left.output);
    }
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return { status: 'FAILED', error: error.code || undefined, cause: error.message || undefined };
  }
}

async function visit(run: Run, state: State, position: Position): Promise<Left> {
  try {
    return await visitState(run, state, position);
  } catch (error) {
    throw explain(run, position, error);
  }
}

/** `previous` is the id of the event before; the first state of an execution has 0. */
function enter(run: Run, name: string, input: string, previous?: number): Position {
  const details = { name, input, inputDetails: { truncated: false } };
  const { type } = stateAt(run, name);
  const enteredEvent = run.journal.record(`${type}StateEntered`, details, previous);
  const position = {
    state: name,
    input,
    enteredAt: run.clock.now(),
    enteredEvent,
    retries: retriesOf(run, name),
  };
  run.execution.position = position;
  return position;
}

function exit(run: Run, state: State, position: Position, left: Left): void {
  if (state.type === 'Fail') return;
  const details: JsonObject = {
    name: position.state,
    output: left.output,
    outputDetails: { truncated: false },
  };
  if (Object.keys(left.texts).length > 0) {
    details['assignedVariables'] = left.texts;
    details['assignedVariablesDetails'] = { truncated: false };
    run.execution.variables = { ...run.execution.variables, ...left.assigned };
  }
  run.journal.record(`${state.type}StateExited`, details);
}

function retriesOf(run: Run, name: string): number[] {
  const state = stateAt(run, name);
  return state.type === 'Task' ? state.retry.map(() => 0) : [];
}

function stateAt(run: Run, name: string): State {
  const state = run.machine.states.get(name);
  if (!state)
    throw new Error(`${run.execution.arn} is at the state "${name}", which its definition does not have`);
  return state;
}
