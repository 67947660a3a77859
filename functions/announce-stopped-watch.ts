/** EventBridge: publishes the final notice for an execution that FAILED, TIMED_OUT or was ABORTED without one. */
import { findJobRequestEvenUnreadable } from './aws/job-requests.ts';
import { publishNotice } from './aws/notices.ts';
import { env } from './core/env.ts';
import { eventHandler } from './core/event-handler.ts';
import { logger } from './core/logger.ts';
import { emitMetrics } from './core/metrics.ts';
import { endMeasures } from './domain/watch/measures.ts';
import { stoppedWatchNotice } from './domain/watch/stopped-watch.ts';

/** The members of `Step Functions Execution Status Change` that this function reads. */
export interface ExecutionEndedEvent {
  /** RFC 3339. */
  time: string;
  detail: { name: string; status: string };
}

async function announceStoppedWatch({ time, detail }: ExecutionEndedEvent): Promise<void> {
  logger.appendKeys({ jobRequestId: detail.name });
  // A job that cannot be read must not hold the last notice back.
  const now = await findJobRequestEvenUnreadable(detail.name, undefined);
  if (!now) return logger.warn('no such execution', { status: detail.status });
  const deployment = { region: env.region(), apiUrl: env.apiUrl() };
  await publishNotice(env.topicArn(), stoppedWatchNotice(now, deployment, time));
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
