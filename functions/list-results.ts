/** GET /jobs/{id}/results and /failures: the tasks of a job, or those that failed, page by page, as JSON or CSV. */
import { findJobRequest } from './aws/job-requests.ts';
import { reportRows } from './aws/reports.ts';
import { csvOf } from './domain/report/csv-text.ts';
import { checkListsAll, endedReportOf } from './domain/report/report-answers.ts';
import { failedTaskOf, taskResultOf } from './domain/report/report-rows.ts';
import { nextPagePath, resultsPage, resultsQueryOf } from './domain/report/results.ts';
import { notFound } from './http/job-answer.ts';
import { jobHandler } from './http/job-handler.ts';
import { prefersCsv } from './http/media-type.ts';

const TASK = ['bucket', 'key', 'versionId'] as const;
const routes = {
  failures: {
    status: 'failed',
    taskOf: failedTaskOf,
    columns: [...TASK, 'errorCode', 'httpStatus', 'message'],
  },
  results: {
    status: undefined,
    taskOf: taskResultOf,
    columns: [...TASK, 'status', 'errorCode', 'httpStatus', 'result'],
  },
} as const;

export const handler = jobHandler(async (request) => {
  const name = request.route.endsWith('/failures') ? 'failures' : 'results';
  const { status, taskOf, columns } = routes[name];
  const query = resultsQueryOf(request.query, status);
  const now = await findJobRequest(request.id, request.tenantHash);
  if (!now) throw notFound(request.id);
  const report = endedReportOf(now, request.timeMs);
  if (query.status === 'succeeded') checkListsAll(now.request);
  const page = await resultsPage<object>(reportRows(report, query), query, taskOf);
  const next = nextPagePath(`/jobs/${request.id}/${name}`, query, request.query, page);
  const headers = { vary: 'Accept', ...(next && { link: `<${next}>; rel="next"` }) };
  if (!prefersCsv(request.headers['accept'])) {
    const { tasks, nextPageToken } = page;
    return { status: 200, headers, body: { jobRequestId: request.id, [name]: tasks, nextPageToken } };
  }
  return {
    status: 200,
    headers: { ...headers, 'content-type': 'text/csv; charset=utf-8; header=present' },
    text: csvOf<Record<string, unknown>>(columns, page.tasks as Record<string, unknown>[]),
  };
});
