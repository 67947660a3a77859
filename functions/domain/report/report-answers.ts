import { KnownError } from '../../core/errors.ts';
import type { CompletionReport } from '../../core/generated/report.mjs';
import { countsOf, type Job, reportOf } from '../job/job.ts';
import { hasFailures, type JobRequestNow, retryAfterSeconds } from '../job/job-resource.ts';
import { stageOf } from '../job/job-status.ts';
import { digestAnswerOf, type ReportDigest } from './report-digest.ts';

/** The completion report of a job that has ended. */
export interface EndedReport {
  job: Job;
  bucket: string;
  manifestKey: string;
  /** When the watch has made it. */
  digest?: ReportDigest;
}

/** Throws NoReport when there is none and will be none, ReportNotReady while the job goes on. */
export function endedReportOf(now: JobRequestNow, timeMs: number): EndedReport {
  const { request, record, job } = now;
  const name = `Job request ${request.jobRequestId}`;
  if (!request.createJob.Report.Enabled) throw new KnownError('NoReport', `${name} has its Report disabled.`);
  if (record && !job) throw new KnownError('NoReport', `${name} ended as ${record.outcome}.`);
  if (!job || stageOf(job.Status) !== 'ended')
    throw new KnownError(
      'ReportNotReady',
      `${name} has not ended: its job is ${job?.Status ?? 'not there yet'}.`,
      {
        retryAfterSeconds: retryAfterSeconds(now, timeMs),
      },
    );
  const place = reportOf(job);
  if (!place) throw new KnownError('NoReport', `${name} ended before a task ran.`);
  const digest = record?.report?.digest;
  return { job, ...place, ...(digest && { digest }) };
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
