/** GET /jobs/{id}/report: the digest of the completion report of a job. */
import { findJobRequest } from './aws/job-requests.ts';
import { readDigest } from './aws/reports.ts';
import { endedReportOf, reportAnswerOf } from './domain/report/report-answers.ts';
import { withEtag } from './http/etag.ts';
import { notFound } from './http/job-answer.ts';
import { jobHandler } from './http/job-handler.ts';

export const handler = jobHandler(async (request) => {
  const now = await findJobRequest(request.id, request.tenantHash);
  if (!now) throw notFound(request.id);
  const report = endedReportOf(now, request.timeMs);
  const digest = report.digest ?? (await readDigest(report));
  return withEtag(request, { status: 200, body: reportAnswerOf(request.id, report, digest) });
});
