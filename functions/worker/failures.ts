import { isRetryableStatus, retryableErrors } from '../core/retryable-errors.ts';
import type { ResultCode } from './contract.ts';

/** Thrown by an action to choose the result code of its failure. */
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

/** Names and codes of errors without an answer, in Node and in the SDK; docs/worker.md has the same list. */
export const connectionErrors: ReadonlySet<string> = new Set([
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

const isListed = (name: unknown) => retryableErrors.has(String(name)) || connectionErrors.has(String(name));

function isRetryable({ name, code, cause, $metadata }: UnknownError): boolean {
  const status = Number($metadata?.httpStatusCode ?? 0);
  if (isListed(name) || isListed(code) || isRetryableStatus(status)) return true;
  // fetch gives the error of its connection as the cause.
  return status === 0 && isListed((cause as UnknownError | undefined)?.code);
}

/** Whether the same task can succeed later. Unknown errors are permanent: a retry would only hide them. */
export function resultCodeOf(error: unknown): Exclude<ResultCode, 'Succeeded'> {
  if (error instanceof ActionFailure) return error.resultCode;
  try {
    return isRetryable((error ?? {}) as UnknownError) ? 'TemporaryFailure' : 'PermanentFailure';
  } catch {
    return 'PermanentFailure';
  }
}

/** Whether S3 answered with this error. */
export const isNamed = (error: unknown, name: string): boolean =>
  (error as UnknownError | null)?.name === name;

export const isTemporary = (error: unknown): boolean => resultCodeOf(error) === 'TemporaryFailure';

/** The text for the result string, whatever was thrown. */
export function messageOf(error: unknown): string {
  try {
    const { name, message, $metadata } = (error ?? {}) as UnknownError;
    if (error instanceof ActionFailure) return error.message;
    // The answer to HEAD has no body; the SDK then uses this placeholder.
    const words = message === 'UnknownError' ? `HTTP status ${$metadata?.httpStatusCode}` : message;
    return [name, words].filter(Boolean).join(': ') || String(error);
  } catch {
    return 'an error without a readable message';
  }
}
