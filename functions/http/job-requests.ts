import { KnownError } from '../core/errors.ts';
import type { Job } from '../domain/job/job.ts';
import { type JobRequestNow, jobResourceOf, retryAfterSeconds } from '../domain/job/job-resource.ts';
import type { Verdict } from '../domain/job/job-status.ts';
import { isOwnedBy } from '../domain/request/job-request-id.ts';
import { tenantOf } from '../domain/request/tenant.ts';
import type { HttpAnswer, HttpRequest } from './http-handler.ts';

/** The caller's tenant by the configured tenancy. Throws NotAllowed when the caller has no such identity. */
export function callersTenant(request: HttpRequest, tenancy: string): string {
  const tenant = tenantOf(tenancy, request.caller);
  if (tenant === undefined)
    throw new KnownError('NotAllowed', `The caller has no identity for tenancy ${tenancy}.`);
  return tenant;
}

/** Throws JobRequestNotFound for an id of another tenant, exactly as for one that does not exist. */
export function checkOwner(request: HttpRequest, tenancy: string): void {
  if (!isOwnedBy(callersTenant(request, tenancy), request.id)) throw notFound(request.id);
}

export const notFound = (id: string) =>
  new KnownError('JobRequestNotFound', `There is no job request ${id}.`);

/** The job resource as an answer, with Retry-After until it is final. */
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
 * The job that a call wants to change, with the verdict on its status. Throws JobRequestNotFound, or NotPossibleNow
 * with the present state.
 */
export function jobInReach(
  id: string,
  now: JobRequestNow | undefined,
  verdictOn: (status: string) => Verdict,
  done: string,
): JobRequestNow & { job: Job; verdict: Verdict } {
  if (!now) throw notFound(id);
  const { job } = now;
  if (!job) {
    const notThere = now.jobId
      ? 'S3 does not show its job'
      : 'S3 has not created its job yet; try again shortly';
    const why = now.record ? `it ended as ${now.record.outcome}` : notThere;
    throw new KnownError('NotPossibleNow', `Job request ${id} cannot be ${done}: ${why}.`);
  }
  const verdict = verdictOn(job.Status);
  if (verdict === 'impossible')
    throw new KnownError('NotPossibleNow', `Job request ${id} cannot be ${done}: its job is ${job.Status}.`);
  return { ...now, job, verdict };
}

/** 1 to 255 printable ASCII characters; without the header a ClientRequestToken of the body serves. */
export function idempotencyKeyOf(
  headers: HttpRequest['headers'],
  token: string | undefined,
): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return token;
  if (/^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(key)) return key;
  throw new KnownError(
    'InvalidIdempotencyKey',
    'The Idempotency-Key header is empty, too long or not printable ASCII.',
  );
}
