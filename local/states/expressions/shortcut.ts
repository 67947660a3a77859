import type jsonata from 'jsonata';
import { isObject, type Json, type JsonObject } from '../json.ts';

/**
 * Evaluates an expression without the library, which takes twenty times as long. Undefined: the library has to evaluate
 * it, because there is no value or a list, for which JSONata has special rules.
 */
export type Shortcut = (values: JsonObject) => Json | undefined;

/** Covers nearly all expressions of a state machine: paths, constants, `$exists(path)`, `in` a list, `or`. */
export function shortcutOf(node: jsonata.ExprNode): Shortcut | undefined {
  const path = pathOf(node);
  if (path) return (values) => ownValue(path, values);
  if (node.type === 'string') return () => node.value as string;
  if (node.type === 'function') return existsOf(node);
  if (node.type !== 'binary') return undefined;
  const { lhs, rhs } = node as unknown as Record<'lhs' | 'rhs', jsonata.ExprNode>;
  if (String(node.value) === 'in') return inOf(lhs, rhs);
  return String(node.value) === 'or' ? orOf(lhs, rhs) : undefined;
}

function existsOf({
  procedure,
  arguments: [argument, ...more] = [],
}: jsonata.ExprNode): Shortcut | undefined {
  const path = argument && pathOf(argument);
  if (procedure?.value !== 'exists' || !path || more.length > 0) return undefined;
  return (values) => {
    const found = follow(path, values);
    return Object.hasOwn(values, 'exists') || Array.isArray(found) ? undefined : found !== undefined;
  };
}

function inOf(
  lhs: jsonata.ExprNode,
  { type, value, expressions = [] }: jsonata.ExprNode,
): Shortcut | undefined {
  const left = shortcutOf(lhs);
  const isList =
    type === 'unary' && String(value) === '[' && expressions.every((each) => each.type === 'string');
  if (!left || !isList) return undefined;
  const list = expressions.map((each) => String(each.value));
  return (values) => {
    const sought = left(values);
    return sought === undefined ? undefined : list.includes(sought as string);
  };
}

function orOf(lhs: jsonata.ExprNode, rhs: jsonata.ExprNode): Shortcut | undefined {
  const [left, right] = [shortcutOf(lhs), shortcutOf(rhs)];
  if (!left || !right) return undefined;
  return (values) => {
    const first = left(values);
    const second = first === false ? right(values) : first;
    return typeof second === 'boolean' ? second : undefined;
  };
}

/** The names in an expression such as `$step.record.report`. */
function pathOf(node: jsonata.ExprNode): readonly string[] | undefined {
  const steps = node.steps ?? [node];
  const isPlain = steps.every(
    ({ type, value, ...more }, i) =>
      type === (i === 0 ? 'variable' : 'name') && Boolean(value) && Object.keys(more).join() === 'position',
  );
  return isPlain ? steps.map(({ value }) => String(value)) : undefined;
}

/** The value at a path, or the first list on the way. */
function follow(names: readonly string[], values: JsonObject): Json | undefined {
  let value: Json | undefined = values;
  for (const name of names) {
    if (Array.isArray(value)) return value;
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** A variable may be a list. A list at the end of a longer path is left to the library. */
function ownValue(path: readonly string[], values: JsonObject): Json | undefined {
  const value = follow(path, values);
  return Array.isArray(value) && path.length > 1 ? undefined : value;
}
