import type { ChoiceState, FailState, Leaving, State, WaitState } from '../definition/machine.ts';
import type { Bindings } from '../expressions/expression.ts';
import { StateError } from '../state-error.ts';
import type { Position } from '../store/execution.ts';
import { bind, hold, type Left, leave, type Run, sleepUntil, whileIn } from './run.ts';
import { visitTask } from './visit-task.ts';

/** Runs one state. Throws StateError when it fails. */
export async function visitState(run: Run, state: State, position: Position): Promise<Left> {
  switch (state.type) {
    case 'Task':
      return visitTask(run, state, position);
    case 'Wait':
      return visitWait(run, state, position);
    case 'Choice':
      return visitChoice(run, state, position);
    case 'Fail':
      return visitFail(run, state, position);
    default:
      return passOn(run, state, position);
  }
}

/** Leaves with the input, unless the state has an Output. */
const passOn = (
  run: Run,
  leaving: Leaving,
  position: Position,
  bindings: Bindings = bind(run, position),
): Promise<Left> => leave(position, leaving, bindings, JSON.parse(position.input));

async function visitWait(run: Run, state: WaitState, position: Position): Promise<Left> {
  let { pause } = position;
  if (pause?.kind !== 'wait') {
    pause = { kind: 'wait', until: await wakeTime(run, state, position) };
    hold(run, position, pause);
  }
  // A clock can shorten waits, but a date stays where it is.
  do await sleepUntil(run, pause.until);
  while (state.timestamp && run.clock.now() < pause.until);
  position.pause = undefined;
  return passOn(run, state, position);
}

async function wakeTime(run: Run, state: WaitState, position: Position): Promise<number> {
  const bindings = bind(run, position);
  const timestamp = await state.timestamp?.(bindings);
  if (timestamp !== undefined) return Date.parse(timestamp);
  return run.clock.now() + ((await state.seconds?.(bindings)) ?? 0) * 1000;
}

async function visitChoice(run: Run, state: ChoiceState, position: Position): Promise<Left> {
  const bindings = bind(run, position);
  for (const rule of state.choices)
    if (await rule.condition(bindings)) return passOn(run, rule, position, bindings);
  if (state.otherwise) return passOn(run, state.otherwise, position, bindings);
  // AWS reports States.Runtime here, not the States.NoChoiceMatched of the language's specification.
  throw new StateError(
    'States.Runtime',
    `${whileIn(position)}Failed to transition out of the state. The state does not point to a next state.`,
  );
}

async function visitFail(run: Run, state: FailState, position: Position): Promise<never> {
  const bindings = bind(run, position);
  throw new StateError((await state.error?.(bindings)) ?? '', (await state.cause?.(bindings)) ?? '');
}
