import type { JobSummary } from '../../core/generated/job-list.mjs';
import type { JobResource } from '../../core/generated/job-resource.mjs';
import { badQuery, checkNames, cursorOf, pageSizeOf, type Query } from '../request/query.ts';
import { isStatus } from './job-status.ts';

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 50;

/** The start of the next page: a page of Step Functions, and how many of its executions to skip. */
export interface Cursor {
  token?: string;
  skip: number;
}

export interface ListQuery {
  pageSize: number;
  /** S3's statuses, or states of the request; empty for all. */
  statuses: string[];
  cursor: Cursor;
  scope: 'own' | 'account';
}

const isCursor = (value: unknown): value is Cursor => {
  const { token, skip } = (value ?? {}) as Partial<Cursor>;
  return Number.isInteger(skip) && Number(skip) >= 0 && ['string', 'undefined'].includes(typeof token);
};

function scopeOf(text = 'own'): ListQuery['scope'] {
  if (text === 'own' || text === 'account') return text;
  throw badQuery('scope', 'must be own or account');
}

/** The query of GET /jobs. Throws InvalidQuery. */
export function listQueryOf(given: Query): ListQuery {
  checkNames(given, ['status', 'pageSize', 'pageToken', 'scope']);
  const { status, pageSize, pageToken, scope } = given;
  const query = {
    pageSize: pageSizeOf(pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE),
    statuses: status?.split(',') ?? [],
    cursor: pageToken === undefined ? { skip: 0 } : cursorOf(pageToken, isCursor),
    scope: scopeOf(scope),
  };
  if (query.scope === 'account' && !query.statuses.every(isStatus))
    throw badQuery('status', 'takes S3’s statuses only with scope=account');
  return query;
}

export function jobSummaryOf({
  request: _,
  job: __,
  digest: ___,
  retries: ____,
  warnings: _____,
  ...summary
}: JobResource): JobSummary {
  return summary;
}

/** Whether one of the statuses is the job's status, state or outcome. */
export const hasStatus = ({ status, state, outcome }: JobSummary, statuses: readonly string[]): boolean =>
  statuses.length === 0 || [status, state, outcome].some((word) => word !== null && statuses.includes(word));
