import { KnownError } from '../core/errors.ts';
import type { JobRequestNow } from '../domain/job/job-resource.ts';
import type { HttpAnswer, HttpRequest } from './http-handler.ts';
import { acceptedAnswer } from './prefer.ts';

/** A job request that this call has started, or that was there under its key. */
export interface Started {
  now: JobRequestNow;
  isReplay: boolean;
}

/**
 * The answer to a request that was started, or was before. Throws IdempotencyKeyReused when the one that was there had
 * asked for something else.
 */
export async function startedAnswer(
  request: HttpRequest,
  { now, isReplay }: Started,
  requestHash: string,
  look: () => Promise<JobRequestNow | undefined>,
): Promise<HttpAnswer> {
  if (isReplay && now.request.requestHash !== requestHash)
    throw new KnownError(
      'IdempotencyKeyReused',
      `Job request ${now.request.jobRequestId} has the same key, or is the same retry, and asked for something else.`,
    );
  return acceptedAnswer(request, now, look, isReplay ? { 'idempotency-replayed': 'true' } : {});
}
