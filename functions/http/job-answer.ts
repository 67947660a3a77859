import { KnownError } from '../core/errors.ts';
import type { Job } from '../domain/job/job.ts';
import { type JobRequestNow, jobResourceOf, retryAfterSeconds } from '../domain/job/job-resource.ts';
import type { Verdict } from '../domain/job/job-status.ts';
import type { HttpAnswer } from './http-handler.ts';

export const notFound = (id: string) =>
  new KnownError('JobRequestNotFound', `The job request ${id} does not exist.`);

/** The job resource as an answer, with Retry-After until the job request has ended. */
export function jobAnswer(
  status: number,
  now: JobRequestNow,
  timeMs: number,
  headers: Record<string, string> = {},
): HttpAnswer {
  const seconds = retryAfterSeconds(now, timeMs);
  return {
    status,
    headers: {
      ...headers,
      ...(status === 202 && { location: `/jobs/${now.request.jobRequestId}` }),
      ...(seconds !== undefined && { 'retry-after': String(seconds) }),
    },
    body: jobResourceOf(now),
  };
}

/**
 * The job that a call asks to change, with the verdict on its status. `done` is the participle for the error text.
 * Throws JobRequestNotFound, or NotPossibleNow with the present status.
 */
export function jobToChange(
  id: string,
  now: JobRequestNow | undefined,
  verdictOn: (status: string) => Verdict,
  done: string,
): JobRequestNow & { job: Job; verdict: Verdict } {
  if (!now) throw notFound(id);
  const { job } = now;
  if (!job) {
    const missing = now.jobId ? 'S3 does not list its job' : 'S3 has not created its job yet; try again soon';
    const why = now.record ? `it ended as ${now.record.outcome}` : missing;
    throw new KnownError('NotPossibleNow', `Job request ${id} cannot be ${done}: ${why}.`);
  }
  const verdict = verdictOn(job.Status);
  if (verdict === 'impossible')
    throw new KnownError('NotPossibleNow', `Job request ${id} cannot be ${done}: its job is ${job.Status}.`);
  return { ...now, job, verdict };
}
