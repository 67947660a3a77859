import jsonata from 'jsonata';
import { type Json, toJson } from './json.ts';
import { queryError } from './state-error.ts';
import { follow, pathOf, variablesOf } from './syntax.ts';

/** Variables, `states` and functions by name, without the `$`. */
export type Bindings = Readonly<Record<string, unknown>>;

/** The expression in `{% … %}`, or undefined for anything else. */
export const readExpression = (value: Json): string | undefined =>
  typeof value === 'string' ? /^\{%([\s\S]*)%\}$/.exec(value)?.[1]?.trim() : undefined;

/** Wall-clock limit of the library: an expression that never ends would otherwise stop everything here. */
const ENDLESS_MS = 5_000;

/** An expression, compiled. */
export interface Expression {
  text: string;
  library: jsonata.Expression;
  /** The names, where it is nothing but a path. */
  path: readonly string[] | undefined;
  /** What it reads; to bind all that there is would take the library longer than most expressions do. */
  variables: readonly string[];
}

export type Parse = (text: string, location: string) => Expression;

/** Parses each text once, however many fields have it. */
export function createParser(): Parse {
  const parsed = new Map<string, Expression>();
  return (text, location) => {
    const known = parsed.get(text);
    if (known) return known;
    try {
      const library = jsonata(text, { timeout: ENDLESS_MS });
      const syntax = library.ast();
      const expression = { text, library, path: pathOf(syntax), variables: variablesOf(syntax) };
      parsed.set(text, expression);
      return expression;
    } catch (error) {
      throw new Error(`${location}: ${messageOf(error)} in {% ${text} %}`, { cause: error });
    }
  };
}

/** The value of an expression; throws States.QueryEvaluationError when there is none that JSON can say. */
export function evaluate(expression: Expression, location: string, bindings: Bindings): Json | Promise<Json> {
  return (expression.path && follow(expression.path, bindings)) ?? ask(expression, location, bindings);
}

async function ask({ text, library, variables }: Expression, location: string, all: Bindings): Promise<Json> {
  const bindings = Object.fromEntries(variables.flatMap((name) => (name in all ? [[name, all[name]]] : [])));
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
