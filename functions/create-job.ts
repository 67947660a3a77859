/**
 * State CreateJob: creates the S3 Batch Operations job. Repeated calls with the same input create one job; none is created
 * before the start time, or after the request was cancelled.
 */
import { createBatchJob, findBatchJob } from './aws/batch-jobs.ts';
import { readCancelMark } from './aws/cancel-marks.ts';
import { env } from './core/env.ts';
import { isKnownError, KnownError } from './core/errors.ts';
import { eventHandler } from './core/event-handler.ts';
import { logger } from './core/logger.ts';
import { emitMetrics } from './core/metrics.ts';
import { refusalOf } from './domain/job/remedies.ts';
import type { AcceptedRequest } from './domain/request/create-job-input.ts';
import { canBeMarked, markedIdOf } from './domain/rows/retry-chain.ts';
import { endMeasures } from './domain/watch/measures.ts';
import { cancelledStep, createdStep, refusedStep, type Step, scheduledStep } from './domain/watch/watch.ts';

export interface CreateJobEvent {
  request: AcceptedRequest;
  /** RFC 3339, when the state was entered. */
  time: string;
  /** 0 at first; it grows when the state is retried or the execution is redriven. */
  attempt: number;
}

async function createJob(event: CreateJobEvent): Promise<Step> {
  const { request } = event;
  logger.appendKeys({ jobRequestId: request.jobRequestId });
  const step = await firstStep(event);
  if (step.record) emitMetrics(...endMeasures(step.record, request));
  return step;
}

async function firstStep({ request, time, attempt }: CreateJobEvent): Promise<Step> {
  const scheduled = scheduledStep(request, time);
  if (scheduled) return scheduled;
  const deployment = { region: env.region(), apiUrl: env.apiUrl() };
  // An earlier attempt may have created the job without receiving the reply, before S3 forgot the client token. If the
  // jobs cannot be listed, it is not known whether there is one, so the error is thrown.
  const earlier = attempt > 0 ? await findBatchJob(request.createJob) : undefined;
  const cancelled = !earlier && canBeMarked(request) ? await readCancelMark(markedIdOf(request)) : undefined;
  if (cancelled !== undefined && attempt > 0)
    // S3 may not list the job of an earlier attempt yet. CreateJob would show it, or create it.
    throw new KnownError('AwsUnavailable', `Cancelled (${cancelled}), and S3 may list the job later.`);
  if (cancelled !== undefined) return cancelledStep({ request, deployment, time }, cancelled);
  try {
    const jobId = earlier ?? (await createBatchJob(request.createJob));
    logger.info(earlier ? 'job adopted' : 'job created', { jobId });
    return createdStep({ request, deployment, time, jobId });
  } catch (error) {
    // The state retries a temporary error. A refusal is final.
    if (!isKnownError(error, 'RequestRefused', 'JobNotFound')) throw error;
    const refusal = refusalOf(error.message);
    logger.warn('job refused', { failureCode: refusal.code });
    return refusedStep({ request, deployment, time }, refusal);
  }
}

export const handler = eventHandler(createJob);
