import { compileScalar, LIMIT_SECONDS } from '../expressions/scalar.ts';
import type { Compile } from '../expressions/template.ts';
import type { JsonObject } from '../json.ts';
import { loadLeaving } from './load-leaving.ts';
import type { Catcher, Leaving, Retrier, TaskState } from './machine.ts';
import { onlyFields, readErrorNames, readNumber, readObjects, readText } from './read-field.ts';
import { isTaskResource } from './task-resources.ts';

/** The fields of a Task other than Assign, Output and Next. */
export function loadTask(text: JsonObject, compile: Compile): Omit<TaskState, 'type' | keyof Leaving> {
  const resource = readText(text, 'Resource');
  if (!isTaskResource(resource))
    throw new Error(
      `Resource: ${resource} is not implemented here; known are Lambda functions and sns:publish`,
    );
  const { Arguments: payload, TimeoutSeconds: limit } = text;
  return {
    resource,
    retry: readObjects(text['Retry'], 'Retry').map(loadRetrier),
    catch: readObjects(text['Catch'], 'Catch').map((catcher, i) =>
      loadCatcher(catcher, `Catch[${i}]/`, compile),
    ),
    ...(payload !== undefined && { arguments: compile(payload, 'Arguments') }),
    ...(limit !== undefined && {
      timeoutSeconds: compileScalar(LIMIT_SECONDS, limit, 'TimeoutSeconds', compile),
    }),
  };
}

/** Defaults of the Amazon States Language: three retries after 1, 2 and 4 seconds. */
function loadRetrier(text: JsonObject, index: number): Retrier {
  const prefix = `Retry[${index}]/`;
  const known = [
    'ErrorEquals',
    'IntervalSeconds',
    'MaxAttempts',
    'BackoffRate',
    'MaxDelaySeconds',
    'JitterStrategy',
  ];
  onlyFields(text, [...known, 'Comment'], prefix);
  const jitterStrategy = text['JitterStrategy'] ?? 'NONE';
  if (jitterStrategy !== 'FULL' && jitterStrategy !== 'NONE')
    throw new Error(`${prefix}JitterStrategy: FULL or NONE`);
  return {
    errorEquals: readErrorNames(text, prefix),
    intervalSeconds: readNumber(text, 'IntervalSeconds', 1, 1),
    maxAttempts: readNumber(text, 'MaxAttempts', 0, 3),
    backoffRate: readNumber(text, 'BackoffRate', 1, 2),
    maxDelaySeconds: readNumber(text, 'MaxDelaySeconds', 1, Number.POSITIVE_INFINITY),
    jitterStrategy,
  };
}

function loadCatcher(text: JsonObject, prefix: string, compile: Compile): Catcher {
  onlyFields(text, ['ErrorEquals', 'Next', 'Assign', 'Output', 'Comment'], prefix);
  return {
    errorEquals: readErrorNames(text, prefix),
    ...loadLeaving(text, prefix, compile, readText(text, 'Next', prefix)),
  };
}
