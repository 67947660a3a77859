/** State StartRetry: starts the automatic retry of an ended job before the final notice, which names it. */
import type { Context } from 'aws-lambda';
import { startNextRetry } from './aws/next-retry.ts';
import { env } from './core/env.ts';
import { eventHandler } from './core/event-handler.ts';
import { logger } from './core/logger.ts';
import type { Job } from './domain/job/job.ts';
import type { AcceptedRequest } from './domain/request/create-job-input.ts';
import { checkWorkerArguments } from './domain/request/worker-arguments.ts';
import { completedStep, type FinalRecord, type Step } from './domain/watch/watch.ts';
import { argumentFaults } from './worker/actions.ts';

export interface StartRetryEvent {
  request: AcceptedRequest;
  record: FinalRecord & { job: Job };
}

/** Reserved to store the last part of the manifest and to start the execution. */
const MARGIN_MS = 20_000;

async function startRetry({ request, record }: StartRetryEvent, context: Context): Promise<Step> {
  const { jobRequestId } = request;
  const { job, jobId = job.JobId, noticedAt: time } = record;
  logger.appendKeys({ jobRequestId, jobId });
  const retry = await startNextRetry({
    now: { request, executionStatus: 'RUNNING', jobId, job },
    time,
    isOutOfTime: () => context.getRemainingTimeInMillis() < MARGIN_MS,
    checkArguments: (given) =>
      checkWorkerArguments(given, env.workerArn(), (args) => argumentFaults(args, env.enabledActions())),
  });
  const { retry: _, ...others } = record;
  const deployment = { region: env.region(), apiUrl: env.apiUrl() };
  return completedStep({ request, deployment }, { ...others, ...(retry && { retry }) });
}

export const handler = eventHandler(startRetry);
