/** State CreateJob: creates the S3 Batch Operations job. The same input, however often, makes one job. */
import { createBatchJob, findBatchJob } from './aws/batch-jobs.ts';
import { env } from './core/env.ts';
import { isKnownError } from './core/errors.ts';
import { eventHandler } from './core/event-handler.ts';
import { logger } from './core/logger.ts';
import { refusalOf } from './domain/job/remedies.ts';
import type { AcceptedRequest } from './domain/request/create-job-input.ts';
import { createdStep, refusedStep, type Step } from './domain/watch/watch.ts';

export interface CreateJobEvent {
  request: AcceptedRequest;
  /** RFC 3339, when the state was entered. */
  time: string;
  /** 0 at first; more when the state is retried, or the execution redriven. */
  attempt: number;
}

async function createJob({ request, time, attempt }: CreateJobEvent): Promise<Step> {
  logger.appendKeys({ jobRequestId: request.jobRequestId });
  const place = { region: env.region(), apiUrl: env.apiUrl() };
  // An earlier attempt may have made the job and lost the reply, longer ago than S3 remembers client tokens. Who may
  // not look cannot say that there is no job: that is thrown.
  const earlier = attempt > 0 ? await findBatchJob(env.accountId(), request.jobRequestId) : undefined;
  try {
    const jobId = earlier ?? (await createBatchJob(request.createJob));
    logger.info(earlier ? 'job adopted' : 'job created', { jobId });
    return createdStep({ request, place, time, jobId });
  } catch (error) {
    // What passes by itself is thrown for the state's Retry; a refusal stays one.
    if (!isKnownError(error, 'RequestRefused', 'JobNotFound')) throw error;
    logger.warn('job refused');
    return refusedStep({ request, place, time }, refusalOf(error.message));
  }
}

export const handler = eventHandler(createJob);
