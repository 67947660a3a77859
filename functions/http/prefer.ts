import { sleep } from '../core/sleep.ts';
import { isFinal, type JobRequestNow } from '../domain/job/job-resource.ts';
import type { HttpAnswer, HttpRequest } from './http-handler.ts';
import { jobAnswer } from './job-requests.ts';

/** API Gateway gives up after 30 seconds. */
const MAX_WAIT_SECONDS = 20;
/** Kept free for the last look and the answer. */
const MARGIN_MS = 5000;

/** Seconds that the caller would rather wait than ask again (RFC 7240), as far as we go along; a preference is no demand. */
function waitSecondsOf({ headers }: HttpRequest): number {
  const [, seconds = '0'] =
    /(?:^|[,;])\s*wait\s*=\s*"?(\d+)"?\s*(?:[,;]|$)/i.exec(headers['prefer'] ?? '') ?? [];
  return Math.min(Number(seconds), MAX_WAIT_SECONDS);
}

/** What says that the wait was taken up. */
export const preferenceApplied = (request: HttpRequest): Record<string, string> => {
  const seconds = waitSecondsOf(request);
  return seconds > 0 ? { 'preference-applied': `wait=${seconds}` } : {};
};

/** Looks again, ever more rarely, until what is seen is enough or the caller has waited long enough. */
export async function lookInTime<T>(
  request: HttpRequest,
  first: T,
  look: () => Promise<T | undefined>,
  isEnough: (seen: T) => boolean,
): Promise<T> {
  let seen = first;
  let secondsLeft = waitSecondsOf(request);
  for (let pause = 1; secondsLeft > 0 && !isEnough(seen); pause++) {
    const seconds = Math.min(pause, secondsLeft);
    if (request.remainingMs() < seconds * 1000 + MARGIN_MS) break;
    await sleep(seconds * 1000);
    secondsLeft -= seconds;
    seen = (await look()) ?? seen;
  }
  return seen;
}

/** 202 with the job resource: as it is now or, for a caller who would rather wait, as it is at its end. */
export async function acceptedAnswer(
  request: HttpRequest,
  now: JobRequestNow,
  look: () => Promise<JobRequestNow | undefined>,
  headers: Record<string, string> = {},
): Promise<HttpAnswer> {
  const seen = await lookInTime(request, now, look, isFinal);
  return jobAnswer(202, seen, request.timeMs, { ...headers, ...preferenceApplied(request) });
}
