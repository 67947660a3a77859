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
  name?: string;
  code?: string;
  message?: string;
  $metadata?: { httpStatusCode?: number };
}

/** Names of errors of AWS and of Node that pass by themselves; every HTTP status from 500 up counts as well. */
const temporaryNames = new Set([
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'ExpiredToken',
  'OperationAborted',
  'AbortError',
  'TimeoutError',
]);
const temporaryCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** Whether the same task can succeed later. What nobody knows is permanent: a retry would only hide it. */
export function resultCodeOf(error: unknown): Exclude<ResultCode, 'Succeeded'> {
  if (error instanceof ActionFailure) return error.resultCode;
  const { name = '', code = '', $metadata } = (error ?? {}) as UnknownError;
  const status = $metadata?.httpStatusCode ?? 0;
  const isTemporary = temporaryNames.has(name) || temporaryCodes.has(code) || status === 429 || status >= 500;
  return isTemporary ? 'TemporaryFailure' : 'PermanentFailure';
}

export function messageOf(error: unknown): string {
  const { name, message } = (error ?? {}) as UnknownError;
  if (error instanceof ActionFailure) return error.message;
  return [name, message].filter(Boolean).join(': ') || String(error);
}
