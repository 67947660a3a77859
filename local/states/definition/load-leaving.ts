import type { Compile } from '../expressions/template.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Leaving } from './machine.ts';

/** Variable names that AWS accepts. `states` is reserved. */
const VARIABLE_NAME = /^(?!states$)\p{ID_Start}[\p{ID_Continue}]{0,79}$/u;

/** Assign and Output of a state, a choice rule or a catcher; `prefix` goes before their names in errors. */
export function loadLeaving(
  text: JsonObject,
  prefix: string,
  compile: Compile,
  next: string | undefined,
): Leaving {
  const variables = text['Assign'] ?? {};
  if (!isObject(variables)) throw new Error(`${prefix}Assign: takes an object`);
  const assign = Object.entries(variables).map(([name, value]) => {
    if (!VARIABLE_NAME.test(name)) throw new Error(`${prefix}Assign/${name}: not a name for a variable`);
    return [name, compile(value, `${prefix}Assign/${name}`)] as const;
  });
  const output = text['Output'];
  return {
    assign,
    ...(output !== undefined && { output: compile(output, `${prefix}Output`) }),
    ...(next !== undefined && { next }),
  };
}
