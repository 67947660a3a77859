/** What Lambda answers for a function that returned, threw, timed out or exited. */
import type { LambdaAnswer } from './lambda.ts';

/** Most bytes that a request-response invocation takes. */
export const MAX_REQUEST_BYTES = 6 * 1024 * 1024;
/** Most bytes that it answers with. */
const MAX_RESPONSE_BYTES = MAX_REQUEST_BYTES + 100;

/** Whether the text has more bytes. One UTF-16 unit has at most three, so short texts are not measured. */
export const exceeds = (text: string, bytes: number) =>
  text.length * 3 > bytes && Buffer.byteLength(text) > bytes;

const failure = (errorType: string, errorMessage: string, trace?: string[]): LambdaAnswer => ({
  payload: JSON.stringify({ errorType, errorMessage, trace }),
  functionError: 'Unhandled',
});

/** What a handler threw, as the Node.js runtime reports it. */
export function thrown(error: unknown): LambdaAnswer {
  if (!(error instanceof Error)) return failure(typeof error, String(error), []);
  return failure(error.name, error.message, error.stack?.split('\n') ?? []);
}

export const timedOut = (requestId: string, timeoutSeconds: number) =>
  failure(
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  );

/** The environment exited: `how` is `signal: killed` (also when it ran out of memory) or `exit status N`. */
export const exited = (requestId: string, how: string) =>
  failure('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited with error: ${how}`);

/** A handler's result as a payload; `undefined` is `null` on the wire. */
export function returned(result: unknown): LambdaAnswer {
  let payload: string | undefined;
  try {
    payload = JSON.stringify(result);
  } catch {
    return thrown(new Error('Unable to stringify response body'));
  }
  payload ??= 'null';
  if (!exceeds(payload, MAX_RESPONSE_BYTES)) return { payload };
  return failure(
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
  );
}
