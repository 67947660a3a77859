/** State DescribeJob: one look at the job; says what to publish, how long to wait, or how it ended. */
import { describeBatchJob } from './aws/batch-jobs.ts';
import { env } from './core/env.ts';
import { isKnownError } from './core/errors.ts';
import { eventHandler } from './core/event-handler.ts';
import { logger } from './core/logger.ts';
import type { AcceptedRequest } from './domain/request/create-job-input.ts';
import { blindStep, type Look, missingStep, type Step, seenStep } from './domain/watch/watch.ts';

export interface DescribeJobEvent {
  request: AcceptedRequest;
  /** RFC 3339, when the state was entered. */
  time: string;
  jobId: string;
  /** RFC 3339, when the job was created. */
  createdAt: string;
  /** Kinds of notices that are published already. */
  told: string[];
}

async function lookAt(look: Look): Promise<Step> {
  try {
    const job = await describeBatchJob(env.accountId(), look.jobId);
    return job ? seenStep(look, job) : missingStep(look);
  } catch (error) {
    const step = isKnownError(error) && blindStep(look);
    if (!step) throw error;
    return step;
  }
}

async function describeJob(event: DescribeJobEvent): Promise<Step> {
  const { request, jobId } = event;
  logger.appendKeys({ jobRequestId: request.jobRequestId, jobId });
  const step = await lookAt({ ...event, place: { region: env.region(), apiUrl: env.apiUrl() } });
  logger.info('job seen', { status: step.status, waitSeconds: step.waitSeconds, outcome: step.outcome });
  return step;
}

export const handler = eventHandler(describeJob);
