import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { AcceptedRequest } from '../domain/create-job-input.ts';
import type { FinalRecord } from '../domain/watch.ts';
import { sfnClient } from './clients.ts';
import { callAws } from './known-errors.ts';

/** The run of the state machine for one job request. */
export interface Execution {
  arn: string;
  request: AcceptedRequest;
  /** `RUNNING`, `SUCCEEDED`, or `FAILED`, `TIMED_OUT`, `ABORTED` when the final notice did not go out. */
  status: string;
  record?: FinalRecord;
}

const executionArn = (stateMachineArn: string, name: string) =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;

/** Starts the execution that is named by the job request; false when the name is taken. */
export async function startExecution(stateMachineArn: string, request: AcceptedRequest): Promise<boolean> {
  const command = new StartExecutionCommand({
    stateMachineArn,
    name: request.jobRequestId,
    input: JSON.stringify(request),
  });
  return callAws(async () => {
    try {
      await sfnClient().send(command);
      return true;
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return false;
      throw error;
    }
  });
}

/** The execution of a job request; undefined when there is none. */
export async function findExecution(
  stateMachineArn: string,
  jobRequestId: string,
): Promise<Execution | undefined> {
  const arn = executionArn(stateMachineArn, jobRequestId);
  return callAws(async () => {
    try {
      const { input, output, status } = await sfnClient().send(
        new DescribeExecutionCommand({ executionArn: arn }),
      );
      return {
        arn,
        request: JSON.parse(input ?? '{}') as AcceptedRequest,
        status: status ?? 'RUNNING',
        ...(output && { record: JSON.parse(output) as FinalRecord }),
      };
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  });
}

/** The JobId that create-job returned, read from the start of the history; undefined before that. */
export async function jobIdOf(execution: Execution): Promise<string | undefined> {
  const command = new GetExecutionHistoryCommand({ executionArn: execution.arn, maxResults: 100 });
  const { events = [] } = await callAws(() => sfnClient().send(command));
  const exited = events.find((event) => event.stateExitedEventDetails?.name === 'CreateJob');
  const output = JSON.parse(exited?.stateExitedEventDetails?.output ?? '{}') as { jobId?: string };
  return output.jobId;
}
