import type { ResultCode } from './contract.ts';

/** Thrown by an action that knows how its failure is to be taken. */
export class ActionFailure extends Error {
  override readonly name = 'ActionFailure';
  readonly resultCode: Exclude<ResultCode, 'Succeeded'>;

  constructor(resultCode: ActionFailure['resultCode'], message: string) {
    super(message);
    this.resultCode = resultCode;
  }
}

interface UnknownError {
  name?: unknown;
  code?: unknown;
  message?: unknown;
  cause?: unknown;
  $metadata?: { httpStatusCode?: number };
}

/** Names and codes of errors of AWS and of Node that pass by themselves; docs/worker.md has the same. */
const passing = new Set([
  // Asked too often.
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'BandwidthLimitExceeded',
  // Clocks, credentials, and others at work on the same object.
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'ExpiredToken',
  'ExpiredTokenException',
  'OperationAborted',
  'ConditionalRequestConflict',
  // Ended before there was an answer.
  'AbortError',
  'TimeoutError',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** The one 5xx that says never, and not later. */
const NOT_IMPLEMENTED = 501;
const TOO_MANY_REQUESTS = 429;

function isPassing({ name, code, cause, $metadata }: UnknownError): boolean {
  const status = Number($metadata?.httpStatusCode ?? 0);
  if (passing.has(String(name)) || passing.has(String(code))) return true;
  if (status === TOO_MANY_REQUESTS || (status >= 500 && status !== NOT_IMPLEMENTED)) return true;
  // fetch says what happened to its connection in the cause.
  return status === 0 && passing.has(String((cause as UnknownError | undefined)?.code));
}

/** Whether the same task can succeed later. What nobody knows is permanent: a retry would only hide it. */
export function resultCodeOf(error: unknown): Exclude<ResultCode, 'Succeeded'> {
  if (error instanceof ActionFailure) return error.resultCode;
  try {
    return isPassing((error ?? {}) as UnknownError) ? 'TemporaryFailure' : 'PermanentFailure';
  } catch {
    return 'PermanentFailure';
  }
}

/** Whether S3 answered with this error. */
export const isNamed = (error: unknown, name: string): boolean =>
  (error as UnknownError | null)?.name === name;

export const isTemporary = (error: unknown): boolean => resultCodeOf(error) === 'TemporaryFailure';

/** What to say of whatever was thrown. */
export function messageOf(error: unknown): string {
  try {
    const { name, message, $metadata } = (error ?? {}) as UnknownError;
    if (error instanceof ActionFailure) return error.message;
    // HEAD is answered without words; the SDK then makes up some.
    const words = message === 'UnknownError' ? `HTTP status ${$metadata?.httpStatusCode}` : message;
    return [name, words].filter(Boolean).join(': ') || String(error);
  } catch {
    return 'an error that says nothing';
  }
}
