import type { ExecutionRedriveStatus, ExecutionStatus } from '@aws-sdk/client-sfn';
import { ACCOUNT_ID, REGION } from '../../core/account.ts';
import type { Random } from '../../core/random.ts';
import type { Execution } from '../store/execution.ts';
import { redriveOf } from './redrive.ts';

/** EventBridge's event about an execution that started or ended. */
export interface StatusChangeEvent {
  version: '0';
  id: string;
  'detail-type': 'Step Functions Execution Status Change';
  source: 'aws.states';
  account: string;
  /** RFC 3339, whole seconds. */
  time: string;
  region: string;
  resources: string[];
  detail: {
    executionArn: string;
    stateMachineArn: string;
    name: string;
    status: ExecutionStatus;
    /** Milliseconds since the epoch. */
    startDate: number;
    stopDate: number | null;
    redriveCount: number;
    redriveDate: null;
    redriveStatus: ExecutionRedriveStatus;
    redriveStatusReason: string | null;
    input: string;
    inputDetails: { included: true };
    output: string | null;
    outputDetails: { included: true } | null;
    error: string | null;
    cause: string | null;
  };
}

export function statusChangeEvent(execution: Execution, random: Random, nowMs: number): StatusChangeEvent {
  const { arn, machineArn, name, status, startedAt, stoppedAt, input, output, error, cause } = execution;
  const { redriveCount, redriveStatus, redriveStatusReason } = redriveOf(execution, nowMs);
  return {
    version: '0',
    id: random.uuid(),
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: ACCOUNT_ID,
    time: new Date(stoppedAt ?? startedAt).toISOString().replace(/\.\d+/, ''),
    region: REGION,
    resources: [arn],
    detail: {
      executionArn: arn,
      stateMachineArn: machineArn,
      name,
      status,
      startDate: startedAt,
      stopDate: stoppedAt ?? null,
      redriveCount,
      redriveDate: null,
      redriveStatus,
      redriveStatusReason: redriveStatusReason ?? null,
      input,
      inputDetails: { included: true },
      output: output ?? null,
      outputDetails: output === undefined ? null : { included: true },
      error: error ?? null,
      cause: cause ?? null,
    },
  };
}
