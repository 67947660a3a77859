import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import type { Execution } from '../store/execution.ts';
import { redriveOf } from './redrive.ts';

/** An execution as DescribeExecution answers it, with or without input and output. */
export function describeExecution(
  execution: Execution,
  includeData: boolean,
  nowMs: number,
): DescribeExecutionOutput {
  const { stoppedAt, input, output, error, cause } = execution;
  const details = { included: true };
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.machineArn,
    name: execution.name,
    status: execution.status,
    startDate: new Date(execution.startedAt),
    ...(stoppedAt !== undefined && { stopDate: new Date(stoppedAt) }),
    ...(includeData && { input, inputDetails: details }),
    ...(includeData && output !== undefined && { output, outputDetails: details }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    ...redriveOf(execution, nowMs),
  };
}
