/** GET /jobs/{id}/failures: the failed tasks of a job, page by page, as JSON or CSV. */
import { findJobRequest } from './aws/job-requests.ts';
import { failedRows } from './aws/reports.ts';
import type { FailedTask } from './core/generated/report.mjs';
import { csvOf } from './domain/report/csv-text.ts';
import { failuresPage, failuresQueryOf, nextPagePath } from './domain/report/failures.ts';
import { endedReportOf } from './domain/report/report-answers.ts';
import { notFound } from './http/job-answer.ts';
import { jobHandler } from './http/job-handler.ts';
import { prefersCsv } from './http/media-type.ts';

const COLUMNS = ['bucket', 'key', 'versionId', 'errorCode', 'httpStatus', 'message'] as const;

export const handler = jobHandler(async (request) => {
  const query = failuresQueryOf(request.query);
  const now = await findJobRequest(request.id, request.tenantHash);
  if (!now) throw notFound(request.id);
  const page = await failuresPage(failedRows(endedReportOf(now, request.timeMs), query.from), query);
  const next = nextPagePath(request.id, query, page);
  const headers = { vary: 'Accept', ...(next && { link: `<${next}>; rel="next"` }) };
  if (!prefersCsv(request.headers['accept']))
    return { status: 200, headers, body: { jobRequestId: request.id, ...page } };
  return {
    status: 200,
    headers: { ...headers, 'content-type': 'text/csv; charset=utf-8; header=present' },
    text: csvOf<FailedTask>(COLUMNS, page.failures),
  };
});
