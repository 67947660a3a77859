import type { Failures } from '../../core/generated/failures.mjs';
import type { FailedTask } from '../../core/generated/report.mjs';
import { checkNames, cursorOf, pageSizeOf, pageTokenOf, type Query } from '../request/query.ts';
import { failedTaskOf, type PositionedReportRow, type RowPosition } from './report-rows.ts';

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;
/** Lambda answers with at most 6 MB, and the page is JSON text within the JSON of the answer. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;
/** Rows that are read for one page. With rare codes, a page before the last one may be short or even empty. */
const MAX_ROWS_READ = 50_000;
/** The same for the characters of these rows. */
const MAX_CHARACTERS_READ = 32 * 1024 * 1024;

export interface FailuresQuery {
  pageSize: number;
  /** Error codes to list; empty for all. */
  codes: string[];
  from: RowPosition;
}

const isPosition = (value: unknown): value is RowPosition => {
  const { file, offset, ...more } = (value ?? {}) as Record<string, unknown>;
  const isCount = (n: unknown) => Number.isSafeInteger(n) && Number(n) >= 0;
  return isCount(file) && isCount(offset) && Object.keys(more).length === 0;
};

/** The query of GET /jobs/{id}/failures. Throws InvalidQuery. */
export function failuresQueryOf(query: Query): FailuresQuery {
  checkNames(query, ['pageSize', 'pageToken', 'code']);
  const { pageSize, pageToken, code } = query;
  return {
    pageSize: pageSizeOf(pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE),
    codes: code?.split(',') ?? [],
    from: pageToken === undefined ? { file: 0, offset: 0 } : cursorOf(pageToken, isPosition),
  };
}

export type FailuresPage = Omit<Failures, 'jobRequestId'>;

const answerBytes = (task: FailedTask) => Buffer.byteLength(JSON.stringify(JSON.stringify(task)));

/** Reads one page of rows. The token names the first row of the next page, so a page with a token is not the last. */
export async function failuresPage(
  rows: AsyncIterable<PositionedReportRow>,
  { pageSize, codes }: Pick<FailuresQuery, 'pageSize' | 'codes'>,
): Promise<FailuresPage> {
  const failures: FailedTask[] = [];
  let bytes = 0;
  let read = 0;
  let characters = 0;
  for await (const { row, at } of rows) {
    const isEnough = read === MAX_ROWS_READ || characters >= MAX_CHARACTERS_READ;
    if (failures.length === pageSize || bytes >= MAX_PAGE_BYTES || isEnough)
      return { failures, nextPageToken: pageTokenOf(at) };
    read++;
    characters += row.key.length + row.message.length;
    if (codes.length > 0 && !codes.includes(row.errorCode)) continue;
    const task = failedTaskOf(row);
    failures.push(task);
    bytes += answerBytes(task);
  }
  return { failures, nextPageToken: null };
}

/** The path of the next page, for a Link header; undefined after the last one. */
export function nextPagePath(
  jobRequestId: string,
  { pageSize, codes }: FailuresQuery,
  { nextPageToken }: FailuresPage,
): string | undefined {
  if (nextPageToken === null) return undefined;
  const query = new URLSearchParams({ pageSize: String(pageSize), pageToken: nextPageToken });
  for (const code of codes) query.append('code', code);
  return `/jobs/${jobRequestId}/failures?${query}`;
}
