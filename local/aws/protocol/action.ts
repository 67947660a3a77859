import type { WireRequest } from '../../core/wire.ts';

/** What an action gets besides its input. */
export interface ActionContext {
  request: WireRequest;
  requestId: string;
  /** ARN of the caller. */
  principal: string;
  /** Additions to the answer: another status than the model's, and further headers (names in lower case). */
  response: { status?: number; headers: Record<string, string> };
}

/** Names of the operations of an SDK package (`import * as Model`), from its command classes. */
export type OperationName<Model> = keyof {
  [Key in keyof Model as Key extends `${infer Name}Command`
    ? Name extends '$'
      ? never
      : Name
    : never]: true;
};

type InputAndOutput<Command> = Command extends abstract new (
  ...input: never[]
) => {
  resolveMiddleware(...options: never[]): (call: { input: infer Input }) => Promise<{ output: infer Output }>;
}
  ? { input: Input; output: Output }
  : never;

type CommandOf<Model, Name extends string> = Model[`${Name}Command` & keyof Model];

/** Streams are chunks, in both directions. */
type Streamed<T, Stream> = T extends { Body?: unknown } ? Omit<T, 'Body'> & { Body?: Stream } : T;

/** The SDK's own input type of an operation. */
export type Input<Model, Name extends string> = Streamed<
  InputAndOutput<CommandOf<Model, Name>>['input'],
  AsyncIterable<Uint8Array>
>;

/** The SDK's own output type of an operation. */
export type Output<Model, Name extends string> = Streamed<
  Omit<InputAndOutput<CommandOf<Model, Name>>['output'], '$metadata'>,
  AsyncIterable<Uint8Array> | Uint8Array
>;

export type Action<Model, Name extends string> = (
  input: Input<Model, Name>,
  context: ActionContext,
) => Output<Model, Name> | Promise<Output<Model, Name>>;

/** Actions by operation name; an operation without one is answered as not implemented. */
export type Actions<Model> = {
  [Name in OperationName<Model> & string]?: Action<Model, Name>;
};

/** Runs between the wire and an action: may wait, refuse, or drop the answer. `act` runs the action. */
export type Intercept = <Output>(
  call: { action: string; input: unknown },
  act: () => Output | Promise<Output>,
) => Output | Promise<Output>;

/** An action of any type. */
export type AnyAction = (input: never, context: ActionContext) => unknown;
