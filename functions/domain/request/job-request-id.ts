import { createHash } from 'node:crypto';

const hash = (...parts: string[]) => createHash('sha256').update(parts.join('\0')).digest('hex');

/** 12 hex digits that stand for a tenant. Ownership of a job request is read from its id, never from a tag. */
const tenantMark = (tenant: string) => hash('tenant', tenant).slice(0, 12);

/**
 * The id of a job request: the execution's name and, unchanged, CreateJob's ClientRequestToken (at most 64
 * characters), so that a retry at any level cannot make a second job. `unique` is the caller's idempotency key,
 * or else something that no other request has.
 */
export function jobRequestIdOf(tenant: string, unique: { key: string } | { requestId: string }): string {
  const seed = 'key' in unique ? hash('key', tenant, unique.key) : hash('request', tenant, unique.requestId);
  return `${tenantMark(tenant)}-${seed.slice(0, 32)}`;
}

export const isOwnedBy = (tenant: string, jobRequestId: string): boolean =>
  /^[0-9a-f]{12}-[0-9a-f]{32}$/.test(jobRequestId) && jobRequestId.startsWith(tenantMark(tenant));

export const isOfSameTenant = (one: string, other: string): boolean =>
  one.slice(0, 12) === other.slice(0, 12);

/** JSON with members in order, so that the same request always gives the same text. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, canonical(member)]),
  );
}

/** What the caller asked for, before anything is looked up: an idempotency key stands for this and nothing else. */
export const requestHashOf = (body: unknown): string => hash(JSON.stringify(canonical(body)));
