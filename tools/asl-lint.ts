import validate from 'asl-validator';
import { lintExpression } from './jsonata-lint.ts';

interface State {
  Type?: string;
  [field: string]: unknown;
}

/**
 * What is wrong with a state machine's definition, in words; empty when nothing is. Beyond asl-validator it refuses
 * what that lets through although AWS refuses it, or it breaks when it runs: expressions that refer to nothing,
 * Tasks without Retry, Catch and TimeoutSeconds, placeholders that CloudFormation does not fill in.
 */
export function lintAsl(text: string): string[] {
  const placeholders = lintPlaceholders(text);
  let definition: { States?: Record<string, State> };
  try {
    definition = JSON.parse(text);
  } catch (error) {
    return [...placeholders, `not JSON: ${(error as Error).message}`];
  }
  const states = Object.entries(definition.States ?? {});
  const variables = new Set(states.flatMap(([, state]) => assignedNames(state)));
  const faults = states.flatMap(([name, state]) =>
    [...lintTask(state), ...lintExpressions(state, variables)].map((fault) => `state "${name}": ${fault}`),
  );
  return [...placeholders, ...faults, ...lintStructure(JSON.parse(text))];
}

/** DefinitionSubstitutions fills in plain names only; anything else would stay as it is, or stop the packaging. */
const lintPlaceholders = (text: string): string[] =>
  [...text.matchAll(/\$\{(?![A-Za-z0-9]+\})[^}"]*\}?/g)].map(
    ([found]) => `${found} is not a plain placeholder`,
  );

const lintStructure = (definition: object): string[] =>
  validate(definition).errors.map(
    ({ instancePath, message, 'Error code': code, Message }) =>
      `${instancePath || code || '/'}: ${message ?? Message}`,
  );

function lintTask(state: State): string[] {
  if (state.Type !== 'Task') return [];
  return ['Retry', 'Catch', 'TimeoutSeconds']
    .filter((field) => state[field] === undefined)
    .map((field) => `a Task without ${field}`);
}

/** Variables that a state, its choice rules or its catchers assign. */
const assignedNames = (state: State): string[] =>
  [state, ...rules(state, 'Choices'), ...rules(state, 'Catch')].flatMap(({ Assign }) =>
    Object.keys(Assign ?? {}),
  );

const rules = (state: State, field: string): State[] => (Array.isArray(state[field]) ? state[field] : []);

function lintExpressions(state: State, variables: ReadonlySet<string>): string[] {
  return expressionsOf(state, '').flatMap(({ text, position }) =>
    [...lintExpression(text, variables), ...lintReserved(text, position, state.Type)].map(
      (fault) => `${position}: ${fault}`,
    ),
  );
}

interface Expression {
  text: string;
  /** Such as `Output/total`. */
  position: string;
}

function expressionsOf(value: unknown, position: string): Expression[] {
  if (typeof value === 'string') {
    const text = /^\{%([\s\S]*)%\}$/.exec(value)?.[1];
    return text === undefined ? [] : [{ text: text.trim(), position }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    expressionsOf(member, position === '' ? name : `${position}/${name}`),
  );
}

/** A result exists once a Task has one; an error only for its catchers. */
function lintReserved(text: string, position: string, type: string | undefined): string[] {
  const faults: string[] = [];
  if (/\$states\.errorOutput\b/.test(text) && !/^Catch\/\d+\//.test(position))
    faults.push('$states.errorOutput exists in Catch only');
  if (/\$states\.result\b/.test(text) && !(type === 'Task' && /^(Assign|Output)\b/.test(position)))
    faults.push('$states.result exists in Assign and Output of a Task only');
  return faults;
}
