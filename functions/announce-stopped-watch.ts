/** EventBridge: an execution that FAILED, TIMED_OUT or was ABORTED gave no final notice, so this function does. */
import { findJobRequestEvenUnreadable } from './aws/job-requests.ts';
import { publishNotice } from './aws/notices.ts';
import { env } from './core/env.ts';
import { eventHandler } from './core/event-handler.ts';
import { logger } from './core/logger.ts';
import { breakdownNotice } from './domain/watch/stopped-watch.ts';

/** `Step Functions Execution Status Change`, with the members that are read. */
export interface ExecutionEndedEvent {
  /** RFC 3339. */
  time: string;
  detail: { name: string; status: string };
}

async function announceStoppedWatch({ time, detail }: ExecutionEndedEvent): Promise<void> {
  logger.appendKeys({ jobRequestId: detail.name });
  // Whatever else is out of order must not keep the one notice back that is left.
  const now = await findJobRequestEvenUnreadable(detail.name);
  if (!now) return logger.warn('no such execution', { status: detail.status });
  const place = { region: env.region(), apiUrl: env.apiUrl() };
  await publishNotice(env.topicArn(), breakdownNotice(now, place, time));
  logger.error('watch broke, told so', { status: detail.status, isUnseen: now.isUnseen });
}

export const handler = eventHandler(announceStoppedWatch);
