import { KnownError } from '../../core/errors.ts';
import type { CompletionReport } from '../../core/generated/report.mjs';
import { countsOf, type Job, reportLocationOf } from '../job/job.ts';
import { hasFailures, type JobRequestNow, retryAfterSeconds } from '../job/job-resource.ts';
import { stageOf } from '../job/job-status.ts';
import type { AcceptedRequest } from '../request/create-job-input.ts';
import { digestAnswerOf, type ReportDigest } from './report-digest.ts';

/** The completion report of a job that has ended. */
export interface EndedReport {
  job: Job;
  bucket: string;
  manifestKey: string;
  /** Only when the watch has read the report. */
  digest?: ReportDigest;
}

/** The job once it has ended. Throws NoReport when no report will follow, ReportNotReady while the job runs. */
export function endedJobOf(now: JobRequestNow, timeMs: number): Job {
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
  return job;
}

/** Throws as endedJobOf does, and NoReport if no task ran. */
export function endedReportOf(now: JobRequestNow, timeMs: number): EndedReport {
  const job = endedJobOf(now, timeMs);
  const location = reportLocationOf(job);
  if (!location)
    throw new KnownError('NoReport', `Job request ${now.request.jobRequestId} ended before a task ran.`);
  const digest = now.record?.report?.digest;
  return { job, ...location, ...(digest && { digest }) };
}

/** Throws ReportHasFailuresOnly unless the report lists all tasks. */
export function checkListsAll({ jobRequestId, createJob }: AcceptedRequest): void {
  const { ReportScope } = createJob.Report;
  if (ReportScope === 'FailedTasksOnly')
    throw new KnownError('ReportHasFailuresOnly', `${jobRequestId} has the ReportScope ${ReportScope}.`);
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
      results: `${self}/results`,
      ...(hasFailures(job) && { retryFailed: `${self}/retry-failed` }),
    },
  };
}
