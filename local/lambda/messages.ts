/** Settings of a function's thread. */
export interface ThreadSettings {
  /** Path of the bundle, an ES module. */
  file: string;
  /** Name of the export that handles events. */
  handlerName: string;
  memoryMb: number;
  timeoutSeconds: number;
}

/** A result, a function error, or a payload that is not JSON. */
export type AnswerKind = '' | 'Unhandled' | 'InvalidRequestContent';

/**
 * Lists are flat, because cloning strings is cheaper than cloning or escaping objects that hold them:
 * invocations are `requestId, functionArn, payload, …`, answers `requestId, AnswerKind, payload, …`.
 */
export type ToThread = { type: 'invoke'; invocations: string[] } | { type: 'ping' };

export type FromThread =
  | { type: 'ready' }
  | { type: 'answers'; answers: string[] }
  | { type: 'pong' }
  /** The thread is about to exit. The payload says why and answers every pending invocation. */
  | { type: 'fatal'; payload: string };
