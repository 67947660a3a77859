/** EventBridge: publishes the final notice for an execution that FAILED, TIMED_OUT or was ABORTED without one. */
import type { Context } from 'aws-lambda';
import { findJobRequestEvenUnreadable } from './aws/job-requests.ts';
import { startNextRetry } from './aws/next-retry.ts';
import { publishNotice } from './aws/notices.ts';
import { env } from './core/env.ts';
import { isKnownError } from './core/errors.ts';
import { eventHandler } from './core/event-handler.ts';
import type { Notice } from './core/generated/notice.mjs';
import { logger } from './core/logger.ts';
import { emitMetrics } from './core/metrics.ts';
import { reportLocationOf } from './domain/job/job.ts';
import type { JobRequestNow } from './domain/job/job-resource.ts';
import { startsRetry } from './domain/rows/retry-chain.ts';
import { endMeasures } from './domain/watch/measures.ts';
import { outcomeAtStop, stoppedWatchNotice } from './domain/watch/stopped-watch.ts';
import { argumentFaults } from './worker/actions.ts';

/** The members of `Step Functions Execution Status Change` that this function reads. */
export interface ExecutionEndedEvent {
  /** RFC 3339. */
  time: string;
  detail: { name: string; status: string };
}

/** The automatic retry that the execution has started or should have started. */
async function retryOf(now: JobRequestNow, time: string, context: Context): Promise<Notice['retry']> {
  const { request, job } = now;
  if (!job || !reportLocationOf(job) || !startsRetry(request, outcomeAtStop(now, time))) return undefined;
  try {
    return await startNextRetry({
      now,
      time,
      remainingMs: () => context.getRemainingTimeInMillis(),
      argumentFaults,
    });
  } catch (error) {
    if (!isKnownError(error)) throw error;
    return { state: 'not-started', reason: error.message };
  }
}

async function announceStoppedWatch({ time, detail }: ExecutionEndedEvent, context: Context): Promise<void> {
  logger.appendKeys({ jobRequestId: detail.name });
  // A job that cannot be read must not hold the last notice back.
  const now = await findJobRequestEvenUnreadable(detail.name, undefined);
  if (!now) return logger.warn('no such execution', { status: detail.status });
  const deployment = { region: env.region(), apiUrl: env.apiUrl() };
  const retry = await retryOf(now, time, context);
  await publishNotice(env.topicArn(), stoppedWatchNotice(now, deployment, time, retry));
  const facts = { status: detail.status, isUnreadable: now.isUnreadable };
  if (now.record?.outcome === 'Cancelled') {
    logger.info('cancelled before the start', facts);
    return emitMetrics(...endMeasures(now.record, now.request));
  }
  logger.error('watch stopped, final notice published', facts);
  // Only StopExecution aborts an execution: somebody wanted it, so it is no reason for an alarm.
  if (detail.status !== 'ABORTED') emitMetrics({ ExecutionsBroken: 1 });
}

export const handler = eventHandler(announceStoppedWatch);
