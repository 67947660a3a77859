/** State CreateJob: creates the S3 Batch Operations job. The same input, however often, makes one job. */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { createBatchJob } from './aws/batch-jobs.ts';
import { env } from './core/env.ts';
import { isKnownError } from './core/errors.ts';
import { logger } from './core/logger.ts';
import type { AcceptedRequest } from './domain/create-job-input.ts';
import { refusalOf } from './domain/remedies.ts';
import { createdStep, refusedStep, type Step } from './domain/watch.ts';

export interface CreateJobEvent {
  request: AcceptedRequest;
  /** RFC 3339, when the state was entered. */
  time: string;
}

async function createJob({ request, time }: CreateJobEvent): Promise<Step> {
  logger.appendKeys({ jobRequestId: request.jobRequestId });
  const place = { region: env.region(), apiUrl: env.apiUrl() };
  try {
    const jobId = await createBatchJob(request.createJob);
    logger.info('job created', { jobId });
    return createdStep({ request, place, time, jobId });
  } catch (error) {
    // What passes by itself is thrown for the state's Retry; a refusal stays one.
    if (!isKnownError(error, 'RequestRefused', 'JobNotFound')) throw error;
    logger.warn('job refused');
    return refusedStep({ request, place, time }, refusalOf(error.message));
  }
}

export const handler = middy(createJob).use(injectLambdaContext(logger, { resetKeys: true }));
