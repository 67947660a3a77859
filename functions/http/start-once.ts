import { KnownError } from '../core/errors.ts';
import { logger } from '../core/logger.ts';
import type { JobRequestNow } from '../domain/job/job-resource.ts';
import type { AcceptedRequest } from '../domain/request/create-job-input.ts';
import type { HttpAnswer, HttpRequest } from './http-handler.ts';
import { acceptedAnswer } from './prefer.ts';

/** A job request that was started by this call, or by an earlier call with the same id. */
export interface Started {
  now: JobRequestNow;
  isReplay: boolean;
}

/** How job requests are found and started. */
export interface Starter {
  find(jobRequestId: string): Promise<JobRequestNow | undefined>;
  start(accepted: AcceptedRequest): Promise<Started>;
}

/** A job request that a call asks to start. */
export interface Wanted {
  jobRequestId: string;
  requestHash: string;
  /** Whether an earlier call can have started it. */
  mayExist: boolean;
  /** Throws to refuse a repeated call. */
  checkEarlier?(now: JobRequestNow): void;
  /** Checks the request, stores its manifest, and returns the input of the execution. Throws to refuse it. */
  accept(): Promise<AcceptedRequest>;
}

/**
 * Starts a job request once, however often it is asked for. An earlier start is answered before any check. Throws
 * IdempotencyKeyReused if the earlier request was another one.
 */
export async function startOnce(
  request: HttpRequest,
  { find, start }: Starter,
  { jobRequestId, requestHash, mayExist, checkEarlier, accept }: Wanted,
): Promise<HttpAnswer> {
  const earlier = mayExist ? await find(jobRequestId) : undefined;
  if (earlier) checkEarlier?.(earlier);
  const { now, isReplay } = earlier ? { now: earlier, isReplay: true } : await start(await accept());
  if (!isReplay) logger.info('job request accepted');
  if (isReplay && now.request.requestHash !== requestHash)
    throw new KnownError(
      'IdempotencyKeyReused',
      `Job request ${jobRequestId} has the same key, or is the same retry, but another request.`,
    );
  return acceptedAnswer(
    request,
    now,
    () => find(jobRequestId),
    isReplay ? { 'idempotency-replayed': 'true' } : {},
  );
}
