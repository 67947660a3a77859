import type jsonata from 'jsonata';
import { isObject, type Json } from './json.ts';

/** The names in an expression such as `$seen.record.report`; undefined for any other. */
export function pathOf(node: jsonata.ExprNode): readonly string[] | undefined {
  const steps = node.steps ?? [node];
  const isPlain = steps.every(
    ({ type, value, ...more }, i) =>
      type === (i === 0 ? 'variable' : 'name') && Boolean(value) && Object.keys(more).join() === 'position',
  );
  return isPlain ? steps.map(({ value }) => String(value)) : undefined;
}

/**
 * What a path leads to, without the library: most expressions are one, and it takes a tenth of the time. Undefined
 * leaves it to the library to say what that means: there is nothing, or a list, which has rules of its own.
 */
export function follow(
  names: readonly string[],
  bindings: Readonly<Record<string, unknown>>,
): Json | undefined {
  let value: unknown = bindings;
  for (const name of names) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return typeof value === 'function' || Array.isArray(value) ? undefined : (value as Json | undefined);
}

/** The names of all variables and functions in a syntax tree. */
export function variablesOf(node: unknown): string[] {
  const names = new Set<string>();
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(visit);
    else if (typeof part === 'object' && part !== null) {
      const { type, value } = part as { type?: unknown; value?: unknown };
      if (type === 'variable') names.add(String(value));
      Object.values(part).forEach(visit);
    }
  };
  visit(node);
  return [...names];
}
