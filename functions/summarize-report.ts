/** State SummarizeReport: reads the completion report of an ended job, and adds its digest to record and notice. */
import { readDigest } from './aws/reports.ts';
import { env } from './core/env.ts';
import { isKnownError } from './core/errors.ts';
import { eventHandler } from './core/event-handler.ts';
import { logger } from './core/logger.ts';
import type { Job } from './domain/job/job.ts';
import type { ReportState } from './domain/notice/event.ts';
import type { AcceptedRequest } from './domain/request/create-job-input.ts';
import { completedStep, type FinalRecord, type Step } from './domain/watch/watch.ts';

export interface SummarizeReportEvent {
  request: AcceptedRequest;
  record: FinalRecord & { job: Job; report: ReportState };
}

/** The report, with its digest if it can be read. Throws ReportNotReady, which the state retries. */
async function readReport({ bucket, manifestKey }: ReportState): Promise<ReportState> {
  try {
    return {
      bucket,
      manifestKey,
      state: 'summarized',
      digest: await readDigest({ bucket, manifestKey }),
    };
  } catch (error) {
    if (!isKnownError(error, 'ReportNotReadable')) throw error;
    logger.warn('report not readable');
    return { bucket, manifestKey, state: 'not-readable' };
  }
}

async function summarizeReport({ request, record }: SummarizeReportEvent): Promise<Step> {
  logger.appendKeys({ jobRequestId: request.jobRequestId, jobId: record.jobId });
  const report = await readReport(record.report);
  logger.info('report read', { state: report.state, failed: report.digest?.failed });
  for (const { errorCode: failureCode, httpStatus, count: tasks } of report.digest?.byCode ?? [])
    logger.info('tasks failed', { failureCode, httpStatus, tasks });
  const deployment = { region: env.region(), apiUrl: env.apiUrl() };
  return completedStep({ request, deployment }, { ...record, report });
}

export const handler = eventHandler(summarizeReport);
