import jsonata from 'jsonata';
import { type Json, type JsonObject, toJson } from '../json.ts';
import { queryError } from '../state-error.ts';
import { type Shortcut, shortcutOf } from './shortcut.ts';
import { variablesOf } from './syntax.ts';

/** The names that an expression can read, without the `$`. */
export interface Bindings {
  /** `states`, and the variables of the execution. */
  values: JsonObject;
  functions: Readonly<Record<string, unknown>>;
}

/** The expression in `{% … %}`, or undefined for anything else. */
export const readExpression = (value: Json): string | undefined =>
  typeof value === 'string' ? /^\{%([\s\S]*)%\}$/.exec(value)?.[1]?.trim() : undefined;

/** Time limit of the library: an expression that never ends would otherwise block the whole process. */
const TIME_LIMIT_MS = 5_000;

/** An expression, compiled. */
export interface Expression {
  text: string;
  library: jsonata.Expression;
  shortcut: Shortcut | undefined;
  /** The variables that it reads. Binding all variables would take longer than evaluating most expressions. */
  variables: readonly string[];
}

export type Parse = (text: string, location: string) => Expression;

/** Parses each text once, also when several fields have it. */
export function createParser(): Parse {
  const parsed = new Map<string, Expression>();
  return (text, location) => {
    const known = parsed.get(text);
    if (known) return known;
    try {
      const library = jsonata(text, { timeout: TIME_LIMIT_MS });
      const syntax = library.ast();
      const expression = { text, library, shortcut: shortcutOf(syntax), variables: variablesOf(syntax) };
      parsed.set(text, expression);
      return expression;
    } catch (error) {
      throw new Error(`${location}: ${messageOf(error)} in {% ${text} %}`, { cause: error });
    }
  };
}

/** The value of an expression. Throws States.QueryEvaluationError when the value is not JSON. */
export function evaluate(expression: Expression, location: string, bindings: Bindings): Json | Promise<Json> {
  const value = expression.shortcut?.(bindings.values);
  return value === undefined ? evaluateInLibrary(expression, location, bindings) : value;
}

async function evaluateInLibrary(
  { text, library, variables }: Expression,
  location: string,
  { values, functions }: Bindings,
): Promise<Json> {
  const bindings: Record<string, unknown> = {};
  for (const name of variables) {
    if (Object.hasOwn(values, name)) bindings[name] = values[name];
    else if (Object.hasOwn(functions, name)) bindings[name] = functions[name];
  }
  const value: unknown = await library.evaluate(undefined, bindings).catch((error: unknown) => {
    throw queryError(text, location, `threw an error during evaluation: ${messageOf(error)}`);
  });
  try {
    return toJson(value);
  } catch (error) {
    throw queryError(text, location, `returned ${messageOf(error)}`);
  }
}

/** JSONata throws plain objects with a code. */
function messageOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code ? `${code}: ${message}` : (message ?? String(error));
}
