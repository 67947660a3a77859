import { CONDITION, compileScalar, TEXT, TIMESTAMP, WAIT_SECONDS } from '../expressions/scalar.ts';
import type { Compile } from '../expressions/template.ts';
import type { JsonObject } from '../json.ts';
import { loadLeaving } from './load-leaving.ts';
import { loadTask } from './load-task.ts';
import type { ChoiceRule, Leaving, State, WaitState } from './machine.ts';
import { onlyFields, readObjects, readText } from './read-field.ts';

const FIELDS: Record<string, readonly string[]> = {
  Task: ['Resource', 'Arguments', 'TimeoutSeconds', 'Retry', 'Catch', 'Assign', 'Output', 'Next', 'End'],
  Wait: ['Seconds', 'Timestamp', 'Assign', 'Output', 'Next', 'End'],
  Choice: ['Choices', 'Default', 'Assign', 'Output'],
  Pass: ['Assign', 'Output', 'Next', 'End'],
  Succeed: ['Output'],
  Fail: ['Error', 'Cause'],
};

/** Checks and compiles one state. */
export function loadState(text: JsonObject, compile: Compile): State {
  const type = readText(text, 'Type');
  const fields = FIELDS[type];
  if (!fields)
    throw new Error(`Type: ${type} is not implemented here; known are ${Object.keys(FIELDS).join(', ')}`);
  onlyFields(text, ['Type', 'Comment', 'QueryLanguage', ...fields]);
  if ((text['QueryLanguage'] ?? 'JSONata') !== 'JSONata')
    throw new Error('QueryLanguage: only JSONata is implemented here');
  switch (type) {
    case 'Task':
      return { type, ...loadTask(text, compile), ...loadLeaving(text, '', compile, nextOrEnd(text)) };
    case 'Wait':
      return { type, ...loadWait(text, compile), ...loadLeaving(text, '', compile, nextOrEnd(text)) };
    case 'Choice':
      return { type, ...loadChoice(text, compile) };
    case 'Pass':
      return { type, ...loadLeaving(text, '', compile, nextOrEnd(text)) };
    case 'Succeed':
      return { type, ...loadLeaving(text, '', compile, undefined) };
    default:
      return { type: 'Fail', ...loadFail(text, compile) };
  }
}

function nextOrEnd(text: JsonObject): string | undefined {
  const { Next: next, End: end } = text;
  if (typeof next === 'string' && end === undefined) return next;
  if (next === undefined && end === true) return undefined;
  throw new Error('Next: either the name of a state, or "End": true');
}

function loadWait(text: JsonObject, compile: Compile): Omit<WaitState, 'type' | keyof Leaving> {
  const { Seconds: seconds, Timestamp: timestamp } = text;
  if (seconds !== undefined && timestamp === undefined)
    return { seconds: compileScalar(WAIT_SECONDS, seconds, 'Seconds', compile) };
  if (timestamp !== undefined && seconds === undefined)
    return { timestamp: compileScalar(TIMESTAMP, timestamp, 'Timestamp', compile) };
  throw new Error('Seconds: either Seconds or Timestamp');
}

function loadChoice(text: JsonObject, compile: Compile): { choices: ChoiceRule[]; otherwise?: Leaving } {
  const rules = readObjects(text['Choices'], 'Choices');
  if (rules.length === 0) throw new Error('Choices: at least one rule is required');
  const choices = rules.map((rule, i) => loadRule(rule, `Choices[${i}]/`, compile));
  if (text['Default'] === undefined) return { choices };
  return { choices, otherwise: loadLeaving(text, '', compile, readText(text, 'Default')) };
}

function loadRule(text: JsonObject, prefix: string, compile: Compile): ChoiceRule {
  onlyFields(text, ['Condition', 'Next', 'Assign', 'Output', 'Comment'], prefix);
  return {
    condition: compileScalar(CONDITION, text['Condition'] ?? null, `${prefix}Condition`, compile),
    ...loadLeaving(text, prefix, compile, readText(text, 'Next', prefix)),
  };
}

function loadFail(text: JsonObject, compile: Compile) {
  const { Error: error, Cause: cause } = text;
  return {
    ...(error !== undefined && { error: compileScalar(TEXT, error, 'Error', compile) }),
    ...(cause !== undefined && { cause: compileScalar(TEXT, cause, 'Cause', compile) }),
  };
}
