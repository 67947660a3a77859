import { createHash } from 'node:crypto';

const hash = (...parts: string[]) => createHash('sha256').update(parts.join('\0')).digest('hex');

/** 64 hex digits. The execution of a job request keeps them, and they decide who owns it. */
export const tenantHashOf = (tenant: string): string => hash('tenant', tenant);

/** The start of the hash, in ids and in keys of the stack's bucket. A job's description has no room for more digits. */
export const tenantMarkOf = (tenantHash: string): string => tenantHash.slice(0, 20);

const JOB_REQUEST_ID = /^[0-9a-f]{20}-[0-9a-f]{32}$/;

/**
 * The id of a job request: the execution's name and CreateJob's ClientRequestToken (at most 64 characters), so that no
 * retry creates a second job. `unique` is the caller's idempotency key, or else the id of the HTTP request.
 */
export function jobRequestIdOf(tenant: string, unique: { key: string } | { requestId: string }): string {
  const seed = 'key' in unique ? hash('key', tenant, unique.key) : hash('request', tenant, unique.requestId);
  return `${tenantMarkOf(tenantHashOf(tenant))}-${seed.slice(0, 32)}`;
}

/** The id of the automatic retry of a job request. It has at most one, and starting it again is a replay. */
export const nextIdOf = (jobRequestId: string): string =>
  `${jobRequestId.slice(0, 20)}-${hash('retry', jobRequestId).slice(0, 32)}`;

/** Whether the tenant can own a job request with this id. Only the hash in its execution proves it. */
export const hasMarkOf = (tenantHash: string, jobRequestId: string): boolean =>
  JOB_REQUEST_ID.test(jobRequestId) && jobRequestId.startsWith(tenantMarkOf(tenantHash));

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
