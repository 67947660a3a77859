import { timestampPaths } from '../../core/generated/job-request-timestamps.ts';
import type { CreateJobInput } from './create-job-input.ts';

/** A timestamp as UTC: without a zone it is UTC already, a bare date is its midnight. */
export function instantOf(timestamp: string): Date {
  const text = timestamp.replace(' ', 'T').toUpperCase();
  return new Date(text.includes('T') && !/(Z|[+-]\d{2}:\d{2})$/.test(text) ? `${text}Z` : text);
}

/** `2026-02-30` has the right form and is no day: Date would quietly make it the 2nd of March. */
export function isRealInstant(timestamp: string): boolean {
  const day = timestamp.slice(0, 10);
  const midnight = new Date(day);
  return (
    !Number.isNaN(instantOf(timestamp).getTime()) &&
    !Number.isNaN(midnight.getTime()) &&
    midnight.toISOString().startsWith(day)
  );
}

/** A copy in which every member that the schema calls a timestamp is a Date, as the SDK wants it. */
export function withDates(input: CreateJobInput): unknown {
  const copy = structuredClone(input) as unknown as Record<string, unknown>;
  for (const path of timestampPaths) {
    const names = path.split('/').slice(1);
    const last = names.pop() ?? '';
    const parent = names.reduce<Record<string, unknown> | undefined>(
      (inner, name) => inner?.[name] as Record<string, unknown> | undefined,
      copy,
    );
    if (typeof parent?.[last] === 'string') parent[last] = instantOf(parent[last]);
  }
  return copy;
}
