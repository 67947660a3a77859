import { sleep } from '../core/sleep.ts';
import { isFinal, type JobRequestNow } from '../domain/job/job-resource.ts';
import type { HttpAnswer, HttpRequest } from './http-handler.ts';
import { jobAnswer } from './job-answer.ts';

/** API Gateway ends a request after 30 seconds. */
const MAX_WAIT_SECONDS = 20;
/** Reserved for the last poll and the answer. */
const MARGIN_MS = 5000;

/** Seconds of `Prefer: wait=N` (RFC 7240), at most 20. A malformed preference is ignored. */
function waitSecondsOf({ headers }: HttpRequest): number {
  const [, seconds = '0'] =
    /(?:^|[,;])\s*wait\s*=\s*"?(\d+)"?\s*(?:[,;]|$)/i.exec(headers['prefer'] ?? '') ?? [];
  return Math.min(Number(seconds), MAX_WAIT_SECONDS);
}

/** The header that confirms the wait. */
export const preferenceApplied = (request: HttpRequest): Record<string, string> => {
  const seconds = waitSecondsOf(request);
  return seconds > 0 ? { 'preference-applied': `wait=${seconds}` } : {};
};

/** Polls after 1, 2, 3 … seconds until `isEnough` accepts the state, or until the caller's preferred wait is over. */
export async function pollUntil<T>(
  request: HttpRequest,
  first: T,
  poll: () => Promise<T | undefined>,
  isEnough: (state: T) => boolean,
): Promise<T> {
  let state = first;
  let secondsLeft = waitSecondsOf(request);
  for (let pause = 1; secondsLeft > 0 && !isEnough(state); pause++) {
    const seconds = Math.min(pause, secondsLeft);
    if (request.remainingMs() < seconds * 1000 + MARGIN_MS) break;
    await sleep(seconds * 1000);
    secondsLeft -= seconds;
    state = (await poll()) ?? state;
  }
  return state;
}

/** 202 with the job resource: as it is now, or after the wait that the caller prefers. */
export async function acceptedAnswer(
  request: HttpRequest,
  now: JobRequestNow,
  poll: () => Promise<JobRequestNow | undefined>,
  headers: Record<string, string> = {},
): Promise<HttpAnswer> {
  const last = await pollUntil(request, now, poll, isFinal);
  return jobAnswer(202, last, request.timeMs, { ...headers, ...preferenceApplied(request) });
}
