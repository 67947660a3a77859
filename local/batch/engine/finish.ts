import type { JobFailure } from '@aws-sdk/client-s3-control';
import { AwsError } from '../../core/aws-error.ts';
import type { JobRecord } from '../job-record.ts';
import { type ReportSource, writeCompletionReport } from '../report/completion-report.ts';
import { FAILURE_CODES, UNWRITABLE_REPORT } from '../unconfirmed.ts';

/** Writes the completion report if the job has one; returns the failure if it could not be written. */
export async function finishReport(job: JobRecord, source: ReportSource): Promise<JobFailure | undefined> {
  const ran = job.succeeded + job.failed;
  const hasFailed = job.failureReasons.some(({ FailureCode }) => FailureCode === FAILURE_CODES.report);
  if (!job.request.Report?.Enabled || ran === 0 || hasFailed) return undefined;
  try {
    await writeCompletionReport(job, source);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { FailureCode: FAILURE_CODES.report, FailureReason: UNWRITABLE_REPORT.reason };
  }
}
