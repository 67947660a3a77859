/**
 * Codes of AWS errors after which the same call can succeed later. Three rooms use this list: the mapping of
 * SDK exceptions, the worker, and the digest of reports with retry-failed. docs/worker.md has the same list.
 */

/** AWS asks for fewer requests. */
export const throttles: ReadonlySet<string> = new Set([
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'BandwidthLimitExceeded',
  'ExecutionLimitExceeded',
]);

export const retryableErrors: ReadonlySet<string> = new Set([
  ...throttles,
  // Clocks that differ, and credentials that are being renewed.
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'ExpiredToken',
  'ExpiredTokenException',
  // Another writer works on the same object.
  'OperationAborted',
  'ConditionalRequestConflict',
  // The service fails.
  'InternalError',
  'ServiceUnavailable',
]);

const TOO_MANY_REQUESTS = 429;
/** The only 5xx status that is permanent. */
const NOT_IMPLEMENTED = 501;

export const isThrottle = (code: string, httpStatus: number | undefined): boolean =>
  throttles.has(code) || httpStatus === TOO_MANY_REQUESTS;

/** Whether an error with an HTTP status is retryable by that status alone. */
export const isRetryableStatus = (httpStatus: number): boolean =>
  httpStatus === TOO_MANY_REQUESTS || (httpStatus >= 500 && httpStatus !== NOT_IMPLEMENTED);
