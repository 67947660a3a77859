import type { Manifest } from '../../core/generated/job-request.mjs';
import type { CreateJobInput, Job } from '../../core/generated/job-resource.mjs';
import { stageOf } from './job-status.ts';

export type { Job };

export interface Counts {
  total: number;
  succeeded: number;
  failed: number;
}

/** Zeros without a job, or when S3 gives no counts. */
export const countsOf = (job: Job | undefined): Counts => ({
  total: job?.ProgressSummary?.TotalNumberOfTasks ?? 0,
  succeeded: job?.ProgressSummary?.NumberOfTasksSucceeded ?? 0,
  failed: job?.ProgressSummary?.NumberOfTasksFailed ?? 0,
});

export const activeSecondsOf = (job: Job): number =>
  job.ProgressSummary?.Timers?.ElapsedTimeInActiveSeconds ?? 0;

/** Whole seconds from the creation of a job to its end, or to `time` (RFC 3339) while it runs. */
export function durationSecondsOf(job: Job, time: string): number {
  const end = Date.parse(job.TerminationDate ?? time);
  return Math.max(0, Math.round((end - Date.parse(job.CreationTime ?? time)) / 1000));
}

/** Seconds that an Active job still needs at its mean rate so far; undefined without a rate. */
export function etaSecondsOf(job: Job): number | undefined {
  const { total, succeeded, failed } = countsOf(job);
  const done = succeeded + failed;
  const activeSeconds = activeSecondsOf(job);
  if (job.Status !== 'Active' || done === 0 || activeSeconds === 0) return undefined;
  return Math.round(((total - done) * activeSeconds) / done);
}

/** The location of the completion report; undefined when no task ran, because S3 writes none then. */
export function reportLocationOf(job: Job): { bucket: string; manifestKey: string } | undefined {
  const { succeeded, failed } = countsOf(job);
  if (!job.Report?.Enabled || !job.Report.Bucket || succeeded + failed === 0) return undefined;
  const prefix = job.Report.Prefix ? `${job.Report.Prefix.replace(/\/$/, '')}/` : '';
  return {
    bucket: job.Report.Bucket.replace(/^.*:/, ''),
    manifestKey: `${prefix}job-${job.JobId}/manifest.json`,
  };
}

/** Whether a job has ended, and rows of its manifest never ran; of a canary, those that follow its own. */
export const hasRest = (
  job: Job,
  { createJob, original }: { createJob: CreateJobInput; original?: Manifest | undefined },
) => {
  const { total, succeeded, failed } = countsOf(job);
  return (
    stageOf(job.Status) === 'ended' &&
    createJob.Report.Enabled === true &&
    createJob.Report.ReportScope !== 'FailedTasksOnly' &&
    (!createJob.ManifestGenerator || job['GeneratedManifestDescriptor'] !== undefined) &&
    (original !== undefined || total > succeeded + failed)
  );
};
