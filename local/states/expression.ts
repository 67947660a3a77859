import jsonata from 'jsonata';
import { type Json, toJson } from './json.ts';
import { queryError } from './state-error.ts';

/** Variables, `states` and functions by name, without the `$`. */
export type Bindings = Readonly<Record<string, unknown>>;

/** The expression in `{% … %}`, or undefined for anything else. */
export const readExpression = (value: Json): string | undefined =>
  typeof value === 'string' ? /^\{%([\s\S]*)%\}$/.exec(value)?.[1]?.trim() : undefined;

/** Wall-clock limit of the library: an expression that never ends would otherwise stop everything here. */
const ENDLESS_MS = 5_000;

export type Parse = (text: string, location: string) => jsonata.Expression;

/** Parses each text once, however many fields have it. */
export function createParser(): Parse {
  const parsed = new Map<string, jsonata.Expression>();
  return (text, location) => {
    const known = parsed.get(text);
    if (known) return known;
    try {
      const expression = jsonata(text, { timeout: ENDLESS_MS });
      parsed.set(text, expression);
      return expression;
    } catch (error) {
      throw new Error(`${location}: ${messageOf(error)} in {% ${text} %}`, { cause: error });
    }
  };
}

/** The value of an expression; throws States.QueryEvaluationError when there is none that JSON can say. */
export async function evaluate(
  expression: jsonata.Expression,
  text: string,
  location: string,
  bindings: Bindings,
): Promise<Json> {
  const value: unknown = await expression.evaluate(undefined, bindings).catch((error: unknown) => {
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
