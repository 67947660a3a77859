import { KnownError } from '../core/errors.ts';
import { isRetryableStatus, isThrottle, retryableErrors } from '../core/retryable-errors.ts';
import { noSuchPage } from '../domain/request/query.ts';

const notFound = new Set(['NoSuchJob', 'NoSuchJobException', 'NotFoundException']);

interface SdkError extends Error {
  $metadata?: { httpStatusCode?: number };
}

/** An exception of the SDK as a row of our catalogue. An exception without an HTTP status means that no answer came. */
function knownErrorOf(error: SdkError): KnownError {
  const status = error.$metadata?.httpStatusCode;
  // The answer to HEAD has no body; the SDK then uses this placeholder as the message.
  const message = error.message === 'UnknownError' ? `HTTP status ${status}` : error.message;
  const detail = `${error.name}: ${message}`;
  if (isThrottle(error.name, status)) return new KnownError('Throttled', detail, { cause: error });
  if (notFound.has(error.name)) return new KnownError('JobNotFound', detail, { cause: error });
  if (status === undefined || isRetryableStatus(status) || retryableErrors.has(error.name))
    return new KnownError('AwsUnavailable', detail, { cause: error });
  return new KnownError('RequestRefused', detail, { cause: error });
}

/** The HTTP status with which AWS refused a call; undefined when there was no answer. */
export const statusOf = (error: unknown): number | undefined =>
  ((error instanceof KnownError ? error.cause : error) as SdkError | undefined)?.$metadata?.httpStatusCode;

/** Runs one call of an AWS service. Its errors are thrown as KnownErrors; our own bugs are thrown unchanged. */
export async function callAws<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && !(error instanceof KnownError) && !isOurBug(error))
      throw knownErrorOf(error);
    throw error;
  }
}

/** As callAws, for a page of a list. Our page token contains the service's token; one that it refuses is not from us. */
export async function callForPage<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await callAws(call);
  } catch (error) {
    if (error instanceof KnownError && /^Invalid(Next)?Token/.test(error.message)) throw noSuchPage();
    throw error;
  }
}

const isOurBug = (error: SdkError) =>
  error.$metadata === undefined && (error instanceof TypeError || error instanceof ReferenceError);
