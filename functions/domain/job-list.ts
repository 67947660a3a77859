import { KnownError } from '../core/errors.ts';
import type { JobSummary } from '../core/generated/job-list.mjs';
import type { JobResource } from '../core/generated/job-resource.mjs';

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 50;

/** Where the next page starts: a page of Step Functions, and how many of its executions are behind us. */
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

export const pageTokenOf = (cursor: Cursor): string =>
  Buffer.from(JSON.stringify(cursor)).toString('base64url');

const badQuery = (name: string, detail: string) =>
  new KnownError('InvalidQuery', `The query parameter ${name} ${detail}.`, {
    faults: [{ pointer: `?${name}`, detail, code: 'query' }],
  });

function cursorOf(pageToken: string | undefined): Cursor {
  if (pageToken === undefined) return { skip: 0 };
  try {
    const { token, skip } = JSON.parse(Buffer.from(pageToken, 'base64url').toString()) as Cursor;
    if (Number.isInteger(skip) && skip >= 0 && ['string', 'undefined'].includes(typeof token))
      return { skip, ...(token !== undefined && { token }) };
  } catch {
    // Told below.
  }
  throw badQuery('pageToken', 'is not one that this list gave; leave it out to start anew');
}

function pageSizeOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PAGE_SIZE;
  const size = Number(text);
  if (/^\d+$/.test(text) && size >= 1 && size <= MAX_PAGE_SIZE) return size;
  throw badQuery('pageSize', `must be a whole number from 1 to ${MAX_PAGE_SIZE}`);
}

function scopeOf(text = 'own'): ListQuery['scope'] {
  if (text === 'own' || text === 'account') return text;
  throw badQuery('scope', 'must be own or account');
}

/** The query of GET /jobs. A parameter that is repeated arrives with commas. Throws InvalidQuery. */
export function listQueryOf(query: Record<string, string | undefined>): ListQuery {
  const unknown = Object.keys(query).find(
    (name) => !['status', 'pageSize', 'pageToken', 'scope'].includes(name),
  );
  if (unknown !== undefined) throw badQuery(unknown, 'is not known here; take it out');
  return {
    pageSize: pageSizeOf(query['pageSize']),
    statuses: query['status']?.split(',') ?? [],
    cursor: cursorOf(query['pageToken']),
    scope: scopeOf(query['scope']),
  };
}

export function jobSummaryOf({ request: _, job: __, ...summary }: JobResource): JobSummary {
  return summary;
}

/** Whether a list that asks for these statuses has the job: by S3's status, our state, or the outcome. */
export const hasStatus = ({ status, state, outcome }: JobSummary, statuses: readonly string[]): boolean =>
  statuses.length === 0 || [status, state, outcome].some((word) => word !== null && statuses.includes(word));
