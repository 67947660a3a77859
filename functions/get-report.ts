/** GET /jobs/{id}/report: what the completion report of a job comes to. */
import { findJobRequest } from './aws/job-requests.ts';
import { readDigest } from './aws/reports.ts';
import { endedReportOf, reportAnswerOf } from './domain/report/report-answers.ts';
import { withEtag } from './http/etag.ts';
import { jobHandler } from './http/job-handler.ts';
import { notFound } from './http/job-requests.ts';

export const handler = jobHandler(async (request) => {
  const now = await findJobRequest(request.id);
  if (!now) throw notFound(request.id);
  const report = endedReportOf(now, request.timeMs);
  const digest = report.digest ?? (await readDigest(report));
  return withEtag(request, { status: 200, body: reportAnswerOf(request.id, report, digest) });
});
