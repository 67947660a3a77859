/** State StartRetry: starts the automatic retry of an ended job before the final notice, which names it. */
import type { Context } from 'aws-lambda';
import { startNextRetry } from './aws/next-retry.ts';
import { env } from './core/env.ts';
import { eventHandler } from './core/event-handler.ts';
import { logger } from './core/logger.ts';
import type { Job } from './domain/job/job.ts';
import type { AcceptedRequest } from './domain/request/create-job-input.ts';
import { completedStep, type FinalRecord, type Step } from './domain/watch/watch.ts';
import { argumentFaults } from './worker/actions.ts';

export interface StartRetryEvent {
  request: AcceptedRequest;
  record: FinalRecord & { job: Job };
}

async function startRetry({ request, record }: StartRetryEvent, context: Context): Promise<Step> {
  const { jobRequestId } = request;
  const { job, jobId = job.JobId, noticedAt: time } = record;
  logger.appendKeys({ jobRequestId, jobId });
  const retry = await startNextRetry({
    now: { request, executionStatus: 'RUNNING', jobId, job },
    time,
    remainingMs: () => context.getRemainingTimeInMillis(),
    argumentFaults,
  });
  const { retry: _, ...others } = record;
  const deployment = { region: env.region(), apiUrl: env.apiUrl() };
  return completedStep({ request, deployment }, { ...others, ...(retry && { retry }) });
}

export const handler = eventHandler(startRetry);
