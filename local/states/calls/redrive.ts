import type { ExecutionRedriveStatus } from '@aws-sdk/client-sfn';
import type { Execution } from '../store/execution.ts';
import { MAX_EVENTS } from '../store/history.ts';

/** An execution can be redriven within 14 days after its end. */
const REDRIVABLE_MS = 14 * 24 * 3600 * 1000;

export interface Redrive {
  redriveCount: number;
  redriveStatus: ExecutionRedriveStatus;
  redriveStatusReason?: string;
}

/** What AWS says about a redrive of the execution. Nothing here redrives one, so the count is 0. */
export function redriveOf({ status, stoppedAt = 0, lastEvent }: Execution, nowMs: number): Redrive {
  const reason =
    status === 'RUNNING' || status === 'SUCCEEDED'
      ? `Execution is ${status} and cannot be redriven.`
      : lastEvent >= MAX_EVENTS
        ? 'Execution history event limit exceeded.'
        : nowMs - stoppedAt > REDRIVABLE_MS
          ? 'Execution redrivable period exceeded.'
          : undefined;
  return reason === undefined
    ? { redriveCount: 0, redriveStatus: 'REDRIVABLE' }
    : { redriveCount: 0, redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: reason };
}
