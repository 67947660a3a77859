import { timestampPaths } from '../../core/generated/job-request-timestamps.ts';
import type { CreateJobInput } from './create-job-input.ts';

/** The instant of a timestamp: without a zone in UTC, for a date at midnight. */
export function instantOf(timestamp: string): Date {
  const text = timestamp.replace(' ', 'T').toUpperCase();
  return new Date(text.includes('T') && !/(Z|[+-]\d{2}:\d{2})$/.test(text) ? `${text}Z` : text);
}

/** False for days that do not exist: Date would read `2026-02-30` as the 2nd of March. */
export function isRealInstant(timestamp: string): boolean {
  const day = timestamp.slice(0, 10);
  const midnight = new Date(day);
  return (
    !Number.isNaN(instantOf(timestamp).getTime()) &&
    !Number.isNaN(midnight.getTime()) &&
    midnight.toISOString().startsWith(day)
  );
}

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})?)?$/;

/** Whether a text is a timestamp, in the form and with the meaning that the members of a job request have. */
export const isTimestamp = (text: string): boolean => TIMESTAMP.test(text) && isRealInstant(text);

/** A copy for the SDK, in which every timestamp of the schema is a Date. */
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
