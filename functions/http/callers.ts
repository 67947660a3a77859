import { KnownError } from '../core/errors.ts';
import { hasMarkOf } from '../domain/request/job-request-id.ts';
import { tenantOf } from '../domain/request/tenant.ts';
import type { HttpRequest } from './http-handler.ts';
import { notFound } from './job-answer.ts';

/** The caller's tenant by the configured tenancy. Throws NotAllowed if the caller has no such identity. */
export function callersTenant(request: HttpRequest, tenancy: string): string {
  const tenant = tenantOf(tenancy, request.caller);
  if (tenant === undefined)
    throw new KnownError('NotAllowed', `The caller has no identity for tenancy ${tenancy}.`);
  return tenant;
}

/** Throws JobRequestNotFound for an id of another tenant, with the same answer as for an unknown id. */
export function checkId(tenantHash: string, id: string): void {
  if (!hasMarkOf(tenantHash, id)) throw notFound(id);
}

/** The `Idempotency-Key` header or else `token`, the ClientRequestToken of the body. Throws InvalidIdempotencyKey. */
export function idempotencyKeyOf(
  headers: HttpRequest['headers'],
  token: string | undefined,
): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return token;
  if (/^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(key)) return key;
  throw new KnownError(
    'InvalidIdempotencyKey',
    'The Idempotency-Key header is empty, too long, or contains characters other than printable ASCII.',
  );
}
