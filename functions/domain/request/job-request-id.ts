import { createHash } from 'node:crypto';

const hash = (...parts: string[]) => createHash('sha256').update(parts.join('\0')).digest('hex');

/** 12 hex digits of a tenant's hash. A job request's id names its owner; a tag could be changed. */
const tenantMark = (tenant: string) => hash('tenant', tenant).slice(0, 12);

/**
 * The id of a job request: the execution's name and CreateJob's ClientRequestToken (at most 64 characters), so that no
 * retry creates a second job. `unique` is the caller's idempotency key, or else the id of the HTTP request.
 */
export function jobRequestIdOf(tenant: string, unique: { key: string } | { requestId: string }): string {
  const seed = 'key' in unique ? hash('key', tenant, unique.key) : hash('request', tenant, unique.requestId);
  return `${tenantMark(tenant)}-${seed.slice(0, 32)}`;
}

export const isOwnedBy = (tenant: string, jobRequestId: string): boolean =>
  /^[0-9a-f]{12}-[0-9a-f]{32}$/.test(jobRequestId) && jobRequestId.startsWith(tenantMark(tenant));

export const isOfSameTenant = (one: string, other: string): boolean =>
  one.slice(0, 12) === other.slice(0, 12);

/** Sorts the members of a JSON value, so that equal requests have equal text. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, canonical(member)]),
  );
}

/** A hash of the caller's body, without defaults. An idempotency key belongs to one such hash. */
export const requestHashOf = (body: unknown): string => hash(JSON.stringify(canonical(body)));
