import { KnownError } from '../../core/errors.ts';
import type { CompletionReport } from '../../core/generated/report.mjs';
import { countsOf, type Job, reportLocationOf } from '../job/job.ts';
import { hasFailures, type JobRequestNow, retryAfterSeconds } from '../job/job-resource.ts';
import { stageOf } from '../job/job-status.ts';
import { digestAnswerOf, type ReportDigest } from './report-digest.ts';

/** The completion report of a job that has ended. */
export interface EndedReport {
  job: Job;
  bucket: string;
  manifestKey: string;
  /** Only when the watch has read the report. */
  digest?: ReportDigest;
}

/** Throws NoReport when there is no report and none will follow, ReportNotReady while the job runs. */
export function endedReportOf(now: JobRequestNow, timeMs: number): EndedReport {
  const { request, record, job } = now;
  const name = `Job request ${request.jobRequestId}`;
  if (!request.createJob.Report.Enabled)
    throw new KnownError('NoReport', `${name} was submitted with the report disabled.`);
  if (record && !job) throw new KnownError('NoReport', `${name} ended as ${record.outcome}.`);
  if (!job || stageOf(job.Status) !== 'ended')
    throw new KnownError(
      'ReportNotReady',
      `${name} has not ended: ${job ? `the status of its job is ${job.Status}` : 'it has no job yet'}.`,
      {
        retryAfterSeconds: retryAfterSeconds(now, timeMs),
      },
    );
  const location = reportLocationOf(job);
  if (!location) throw new KnownError('NoReport', `${name} ended before a task ran.`);
  const digest = record?.report?.digest;
  return { job, ...location, ...(digest && { digest }) };
}

/** What GET /jobs/{id}/report shows. */
export function reportAnswerOf(
  jobRequestId: string,
  report: EndedReport,
  digest: ReportDigest,
): CompletionReport {
  const { job, bucket, manifestKey } = report;
  const self = `/jobs/${jobRequestId}`;
  return {
    jobRequestId,
    jobId: job.JobId,
    bucket,
    manifestKey,
    scope: job.Report?.ReportScope === 'FailedTasksOnly' ? 'FailedTasksOnly' : 'AllTasks',
    tasks: countsOf(job),
    digest: digestAnswerOf(digest),
    links: {
      self: `${self}/report`,
      job: self,
      failures: `${self}/failures`,
      ...(hasFailures(job) && { retryFailed: `${self}/retry-failed` }),
    },
  };
}
