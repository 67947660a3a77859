import type { Json } from '../json.ts';
import { queryError } from '../state-error.ts';
import { readExpression } from './expression.ts';
import type { Compile, Template } from './template.ts';

/** What a field accepts, as a literal or as the result of an expression. */
export interface Kind<Value extends Json> {
  /** As error texts name it. */
  name: string;
  accepts(value: Json): value is Value;
}

/** The longest wait and time limit on AWS. */
const MAX_SECONDS = 99_999_999;

const isWhole = (value: Json): value is number => Number.isInteger(value);

export const TEXT: Kind<string> = { name: 'string', accepts: (value) => typeof value === 'string' };
export const CONDITION: Kind<boolean> = { name: 'boolean', accepts: (value) => typeof value === 'boolean' };

export const WAIT_SECONDS: Kind<number> = {
  name: `integer of 0 to ${MAX_SECONDS}`,
  accepts: (value): value is number => isWhole(value) && value >= 0 && value <= MAX_SECONDS,
};

export const LIMIT_SECONDS: Kind<number> = {
  name: `integer of 1 to ${MAX_SECONDS}`,
  accepts: (value): value is number => isWhole(value) && value >= 1 && value <= MAX_SECONDS,
};

/** RFC 3339 with `T` and a zone, as ASL requires. */
export const TIMESTAMP: Kind<string> = {
  name: 'timestamp',
  accepts: (value): value is string =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
};

/** Compiles a field that accepts one kind of value. It refuses a wrong literal now and a wrong result when it runs. */
export function compileScalar<Value extends Json>(
  kind: Kind<Value>,
  value: Json,
  location: string,
  compile: Compile,
): Template<Value> {
  const expression = readExpression(value);
  if (expression === undefined) {
    if (!kind.accepts(value)) throw new Error(`${location}: expected ${kind.name} or an expression`);
    return () => value;
  }
  const template = compile(value, location);
  return async (bindings) => {
    const result = await template(bindings);
    if (kind.accepts(result)) return result;
    throw queryError(
      expression,
      location,
      `returned an unexpected result type. Expected '${kind.name}', but was '${typeof result}' for value: ${JSON.stringify(result)}`,
    );
  };
}
