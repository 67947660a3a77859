import type { JobSummary } from '../../core/generated/job-list.mjs';
import type { JobResource } from '../../core/generated/job-resource.mjs';
import { oneOfDetail } from '../../core/schema-advice.ts';
import { operationNames } from '../request/operation.ts';
import { badQuery, checkNames, cursorOf, pageSizeOf, type Query } from '../request/query.ts';
import { instantOf, isTimestamp } from '../request/timestamps.ts';
import { jobStatuses } from './job-status.ts';

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 50;

const outcomes = [
  'Succeeded',
  'CompletedWithFailures',
  'Failed',
  'Cancelled',
  'NotCreated',
  'Lost',
  'WatchEnded',
] as const satisfies JobSummary['outcome'][];
const states = [
  'Requested',
  'Scheduled',
  'Watched',
  'Ended',
  'NotWatched',
] as const satisfies JobSummary['state'][];
const ownStatuses: readonly string[] = [...new Set([...jobStatuses, ...states, ...outcomes])];

/**
 * The start of the next page. It names no offset, because new executions move all others: `token` is a page of Step
 * Functions, and executions that are newer than `at`, or that are as old and in `names`, are already done.
 */
export interface Cursor {
  token?: string;
  /** Milliseconds since the epoch. */
  at?: number;
  names?: string[];
}

export interface ListQuery {
  pageSize: number;
  cursor: Cursor;
  scope: 'own' | 'account';
  /** Statuses of S3, states or outcomes; empty for all. */
  statuses: readonly string[];
  /** Empty for all. */
  operations: readonly string[];
  /** `KEY` or `KEY=VALUE`, all of them required. */
  tags: readonly string[];
  /** In lower case, part of the id or of the description. */
  text: string;
  /** Of `submittedAt`, in milliseconds since the epoch. */
  createdAfter: number;
  createdBefore: number;
}

const isCursor = (value: unknown): value is Cursor => {
  if (typeof value !== 'object' || value === null) return false;
  const { token, at, names, ...more } = value as Record<string, unknown>;
  return (
    ['string', 'undefined'].includes(typeof token) &&
    (at === undefined || Number.isSafeInteger(at)) &&
    (names === undefined || (Array.isArray(names) && names.every((name) => typeof name === 'string'))) &&
    Object.keys(more).length === 0
  );
};

function oneOf<T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find((each) => each === text);
  if (found === undefined) throw badQuery(name, oneOfDetail(text, known));
  return found;
}

const listOf = (name: string, text: string | undefined, known: readonly string[]): string[] =>
  text === undefined ? [] : text.split(',').map((each) => oneOf(name, each, known));

function instantMs(name: string, text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  if (!isTimestamp(text))
    throw badQuery(name, 'must be an RFC 3339 timestamp, for example 2026-01-31T12:00:00Z');
  return instantOf(text).getTime();
}

/** The query of GET /jobs. Throws InvalidQuery. */
export function listQueryOf(query: Query): ListQuery {
  const scope = oneOf('scope', query['scope'] ?? 'own', ['own', 'account']);
  const common = ['status', 'pageSize', 'pageToken', 'scope'];
  const filters = ['operation', 'createdAfter', 'createdBefore', 'tag', 'text'];
  checkNames(query, scope === 'own' ? [...common, ...filters] : common);
  return {
    scope,
    pageSize: pageSizeOf(query['pageSize'], DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE),
    cursor: query['pageToken'] === undefined ? {} : cursorOf(query['pageToken'], isCursor),
    statuses: listOf('status', query['status'], scope === 'own' ? ownStatuses : jobStatuses),
    operations: listOf('operation', query['operation'], operationNames),
    tags: query['tag']?.split(',') ?? [],
    text: query['text']?.toLowerCase() ?? '',
    createdAfter: instantMs('createdAfter', query['createdAfter'], Number.NEGATIVE_INFINITY),
    createdBefore: instantMs('createdBefore', query['createdBefore'], Number.POSITIVE_INFINITY),
  };
}

/** A list item: the job resource without the request and the description of the job by S3. */
export function jobSummaryOf({
  request: _,
  job: __,
  digest: ___,
  children: ____,
  warnings: _____,
  ...summary
}: JobResource): JobSummary {
  return summary;
}
