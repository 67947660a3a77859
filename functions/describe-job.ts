/** State DescribeJob: polls the job's status, and returns what to publish, how long to wait, or how the job ended. */
import { describeBatchJob, requestJobStatus } from './aws/batch-jobs.ts';
import { readCancelMark } from './aws/cancel-marks.ts';
import { env } from './core/env.ts';
import { isKnownError } from './core/errors.ts';
import { eventHandler } from './core/event-handler.ts';
import { logger } from './core/logger.ts';
import { emitMetrics } from './core/metrics.ts';
import type { Job } from './domain/job/job.ts';
import { cancelVerdict } from './domain/job/job-status.ts';
import type { AcceptedRequest } from './domain/request/create-job-input.ts';
import { canBeMarked, markedIdOf } from './domain/rows/retry-chain.ts';
import { limitReason } from './domain/watch/limits.ts';
import { confirmationMeasure, endMeasures, unreadableMeasure } from './domain/watch/measures.ts';
import { describedStep, missingStep, type Poll, type Step, unreadableStep } from './domain/watch/watch.ts';

export interface DescribeJobEvent {
  request: AcceptedRequest;
  /** RFC 3339, when the state was entered. */
  time: string;
  jobId: string;
  /** RFC 3339, when the job was created. */
  createdAt: string;
  /** RFC 3339, the first poll that failed since one succeeded. */
  unreadableSince?: string | null;
  /** Kinds of the notices that were published. */
  notified: string[];
}

/** Cancels a job that must not run on. A job that is ending is left alone, so a repeated call changes nothing. */
async function cancelIfNeeded({ request, jobId }: Poll, job: Job): Promise<void> {
  if (cancelVerdict(job.Status) !== 'do-it') return;
  const mark = () => (canBeMarked(request) ? readCancelMark(markedIdOf(request)) : undefined);
  const reason = limitReason(request, job) ?? (await mark());
  if (reason === undefined) return;
  try {
    await requestJobStatus(env.accountId(), jobId, 'Cancelled', reason);
    logger.info('job cancelled', { reason });
  } catch (error) {
    // The status is old, or the function lacks the permission: the job is watched all the same.
    if (!isKnownError(error, 'NotPossibleNow', 'RequestRefused')) throw error;
    logger.error('job not cancelled', { reason, error: error.message });
  }
}

async function pollJob(poll: Poll): Promise<Step> {
  try {
    const job = await describeBatchJob(env.accountId(), poll.jobId);
    const wait = confirmationMeasure(job, poll);
    if (wait) emitMetrics(wait);
    if (job) await cancelIfNeeded(poll, job);
    return job ? describedStep(poll, job) : missingStep(poll);
  } catch (error) {
    const step = isKnownError(error) && unreadableStep(poll);
    if (step) return step;
    const unreadable = unreadableMeasure(poll);
    if (unreadable) emitMetrics(unreadable);
    throw error;
  }
}

async function describeJob(event: DescribeJobEvent): Promise<Step> {
  const { request, jobId } = event;
  logger.appendKeys({ jobRequestId: request.jobRequestId, jobId });
  const step = await pollJob({ ...event, deployment: { region: env.region(), apiUrl: env.apiUrl() } });
  logger.info('job status read', {
    status: step.status,
    waitSeconds: step.waitSeconds,
    outcome: step.outcome,
    failureCode: step.record?.failureReasons[0]?.code,
  });
  if (step.record) emitMetrics(...endMeasures(step.record, request));
  return step;
}

export const handler = eventHandler(describeJob);
