import type { WireRequest } from '../../core/wire.ts';

/** What an action knows beside its input. */
export interface ActionContext {
  request: WireRequest;
  requestId: string;
  /** ARN of the caller. */
  principal: string;
  /** What the answer says beside the output: another status than the model's, further headers (lower case). */
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

/** Streams arrive and leave as chunks. */
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

/** Stands between the wire and the actions: may wait, refuse, or lose the answer. `act` does the work. */
export type Intercept = <Output>(
  call: { action: string; input: unknown },
  act: () => Output | Promise<Output>,
) => Output | Promise<Output>;

/** An action as the wire sees it. */
export type AnyAction = (input: never, context: ActionContext) => unknown;
