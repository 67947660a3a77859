import { oneOfDetail } from '../../core/schema-advice.ts';
import { badQuery, checkNames, cursorOf, pageSizeOf, pageTokenOf, type Query } from '../request/query.ts';
import type { PositionedReportRow, ReportRow, RowPosition } from './report-rows.ts';

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;
/** Lambda answers with at most 6 MB, and the page is JSON text within the JSON of the answer. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;
/** Rows that are read for one page. With rare codes, a page before the last one may be short or even empty. */
const MAX_ROWS_READ = 50_000;
/** The same for the characters of these rows. */
const MAX_CHARACTERS_READ = 32 * 1024 * 1024;

const statuses = ['succeeded', 'failed'] as const;

export interface ResultsQuery {
  pageSize: number;
  /** Undefined for all. */
  status: ReportRow['status'] | undefined;
  /** Error codes to list; empty for all. */
  codes: string[];
  from: RowPosition;
}

const isPosition = (value: unknown): value is RowPosition => {
  const { file, offset, ...more } = (value ?? {}) as Record<string, unknown>;
  const isCount = (n: unknown) => Number.isSafeInteger(n) && Number(n) >= 0;
  return isCount(file) && isCount(offset) && Object.keys(more).length === 0;
};

function statusOf(text: string | undefined, hasCodes: boolean): ReportRow['status'] | undefined {
  const status = statuses.find((each) => each === text);
  if (text !== undefined && !status) throw badQuery('status', oneOfDetail(text, statuses));
  if (hasCodes && status === 'succeeded')
    throw badQuery('code', 'selects failed tasks; omit status=succeeded');
  return hasCodes ? 'failed' : status;
}

/** The query of GET /jobs/{id}/results, or with `status` that of a call for rows of this status. Throws InvalidQuery. */
export function resultsQueryOf(query: Query, status?: ReportRow['status']): ResultsQuery {
  checkNames(query, [...(status ? [] : ['status']), 'code', 'pageSize', 'pageToken']);
  const { pageSize, pageToken, code } = query;
  return {
    pageSize: pageSizeOf(pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE),
    status: status ?? statusOf(query['status'], code !== undefined),
    codes: code?.split(',') ?? [],
    from: pageToken === undefined ? { file: 0, offset: 0 } : cursorOf(pageToken, isPosition),
  };
}

export interface ResultsPage<Task> {
  tasks: Task[];
  nextPageToken: string | null;
}

const answerBytes = (task: object) => Buffer.byteLength(JSON.stringify(JSON.stringify(task)));

/** Reads one page of rows. The token names the first row of the next page, so a page with a token is not the last. */
export async function resultsPage<Task extends object>(
  rows: AsyncIterable<PositionedReportRow>,
  { pageSize, codes }: Pick<ResultsQuery, 'pageSize' | 'codes'>,
  taskOf: (row: ReportRow) => Task,
): Promise<ResultsPage<Task>> {
  const tasks: Task[] = [];
  let bytes = 0;
  let read = 0;
  let characters = 0;
  for await (const { row, at } of rows) {
    const isEnough = read === MAX_ROWS_READ || characters >= MAX_CHARACTERS_READ;
    if (tasks.length === pageSize || bytes >= MAX_PAGE_BYTES || isEnough)
      return { tasks, nextPageToken: pageTokenOf(at) };
    read++;
    characters += row.key.length + row.message.length;
    if (codes.length > 0 && !codes.includes(row.errorCode)) continue;
    const task = taskOf(row);
    tasks.push(task);
    bytes += answerBytes(task);
  }
  return { tasks, nextPageToken: null };
}

/** The path of the next page, for a Link header; undefined after the last one. */
export function nextPagePath(
  path: string,
  { pageSize, codes }: ResultsQuery,
  given: Query,
  { nextPageToken }: ResultsPage<object>,
): string | undefined {
  if (nextPageToken === null) return undefined;
  const query = new URLSearchParams({ pageSize: String(pageSize), pageToken: nextPageToken });
  if (given['status']) query.append('status', given['status']);
  for (const code of codes) query.append('code', code);
  return `${path}?${query}`;
}
