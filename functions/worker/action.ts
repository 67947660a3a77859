import type { ObjectVersion } from './contract.ts';

export type ArgumentType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}

/** The user arguments of an action, as the build compiles them from `schemas/actions/NAME.schema.json`. */
export interface ArgumentSchema {
  default: { (data: unknown): boolean; errors?: SchemaError[] | null };
  argumentTypes: Readonly<Record<string, ArgumentType>>;
}

interface TypedSchema<Arguments> extends ArgumentSchema {
  default: { (data: unknown): data is Arguments; errors?: SchemaError[] | null };
}

/** What is known of an action without anything that it works with: enough to check a job request. */
export interface Declaration {
  /** What the user argument `action` says. */
  name: string;
  schema: ArgumentSchema;
  /** For what destroys or calls out: refused until the configuration switches it on by name. */
  isOffByDefault?: boolean;
}

export interface ActionContext<Arguments> {
  /** Checked by the schema; shared by all tasks of a job, therefore frozen. */
  arguments: Readonly<Arguments>;
  jobId: string;
  /** Fires when the time is over; pass it to whatever waits. */
  signal: AbortSignal;
  /** How long it is until then. */
  remainingMs(): number;
}

/**
 * What is done to one object: resolves with the result string. It may be run again after it has succeeded, or after it
 * was ended at any point: the second run must come to the same. Throw ActionFailure to say how an error is to be taken.
 */
export type Run<Arguments> = (object: ObjectVersion, context: ActionContext<Arguments>) => Promise<string>;

export interface Action extends Declaration {
  run: Run<never>;
}

/** Declares an action: `using` gives it the tools that it works with. */
export function declareAction<Arguments, Tools>(
  declaration: Declaration & { schema: TypedSchema<Arguments> },
  run: (tools: Tools) => Run<Arguments>,
): Declaration & { using(tools: Tools): Action } {
  return { ...declaration, using: (tools) => ({ ...declaration, run: run(tools) }) };
}
