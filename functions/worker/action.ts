import type { SchemaError } from '../core/schema-advice.ts';
import type { ObjectVersion } from './contract.ts';

export type ArgumentType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';

export type { SchemaError };

/** The user arguments of an action, as the build compiles them from `schemas/actions/NAME.schema.json`. */
export interface ArgumentSchema {
  default: { (data: unknown): boolean; errors?: SchemaError[] | null };
  argumentTypes: Readonly<Record<string, ArgumentType>>;
}

interface TypedSchema<Arguments> extends ArgumentSchema {
  default: { (data: unknown): data is Arguments; errors?: SchemaError[] | null };
}

/** An action without its tools: enough to check a job request. */
export interface Declaration {
  /** The value of the user argument `action`. */
  name: string;
  schema: ArgumentSchema;
  /** For actions that delete data or call other services: refused until the configuration enables them by name. */
  isOffByDefault?: boolean;
}

export interface ActionContext<Arguments> {
  /** Checked against the schema. Frozen, because all tasks of a job share them. */
  arguments: Readonly<Arguments>;
  jobId: string;
  /** Fires when the time of the invocation is over; pass it to everything that waits. */
  signal: AbortSignal;
  /** Time left until `signal` fires. */
  remainingMs(): number;
}

/**
 * Works on one object and resolves with the result string. It must be idempotent: S3 may run it again after a success, or
 * after it was killed at any point. Throw ActionFailure to choose the result code of an error.
 */
export type Run<Arguments> = (object: ObjectVersion, context: ActionContext<Arguments>) => Promise<string>;

export interface Action extends Declaration {
  run: Run<never>;
}

/** Declares an action; `using` gives it its tools. */
export function declareAction<Arguments, Tools>(
  declaration: Declaration & { schema: TypedSchema<Arguments> },
  run: (tools: Tools) => Run<Arguments>,
): Declaration & { using(tools: Tools): Action } {
  return { ...declaration, using: (tools) => ({ ...declaration, run: run(tools) }) };
}
