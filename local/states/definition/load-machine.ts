import { createCompiler } from '../expressions/template.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { loadState } from './load-state.ts';
import type { Machine, State } from './machine.ts';
import { onlyFields, readSeconds } from './read-field.ts';

const YEAR_SECONDS = 31_536_000;

/**
 * Checks and compiles a definition: JSONata, and exactly the states and fields that are implemented here. Throws for
 * anything else with the names of the state and the field.
 */
export function loadMachine(name: string, definition: string): Machine {
  try {
    return load(JSON.parse(definition));
  } catch (error) {
    throw new Error(`state machine ${name}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function load(definition: Json): Machine {
  if (!isObject(definition)) throw new Error('the definition is not a JSON object');
  onlyFields(definition, ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version']);
  if (definition['QueryLanguage'] !== 'JSONata')
    throw new Error('QueryLanguage: only JSONata is implemented here');
  const { StartAt: startAt, States: texts } = definition;
  if (typeof startAt !== 'string') throw new Error('StartAt: the name of a state is required');
  if (!isObject(texts)) throw new Error('States: an object is required');
  const states = loadStates(texts);
  if (!states.has(startAt)) throw new Error(`StartAt: there is no state "${startAt}"`);
  const timeoutSeconds = readSeconds(definition, 'TimeoutSeconds') ?? YEAR_SECONDS;
  return { startAt, states, timeoutSeconds: Math.min(timeoutSeconds, YEAR_SECONDS) };
}

function loadStates(texts: JsonObject): Map<string, State> {
  const compile = createCompiler();
  const states = new Map<string, State>();
  for (const [name, text] of Object.entries(texts)) {
    try {
      if (!isObject(text)) throw new Error('not an object');
      states.set(name, loadState(text, compile));
      for (const target of targets(states.get(name)))
        if (!Object.hasOwn(texts, target)) throw new Error(`Next: there is no state "${target}"`);
    } catch (error) {
      throw new Error(`state "${name}": ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
  return states;
}

function targets(state: State | undefined): string[] {
  const leavings =
    state?.type === 'Choice'
      ? [...state.choices, state.otherwise]
      : state?.type === 'Task'
        ? [state, ...state.catch]
        : [state?.type === 'Fail' ? undefined : state];
  return leavings.flatMap((leaving) => leaving?.next ?? []);
}
