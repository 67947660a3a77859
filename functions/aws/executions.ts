import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ListedExecution } from '../domain/job/job-search.ts';
import type { AcceptedRequest } from '../domain/request/create-job-input.ts';
import { cancelledRecord, type FinalRecord, type Step } from '../domain/watch/watch.ts';
import { sfnClient } from './clients.ts';
import { callAws, callForPage } from './known-errors.ts';

/** The run of the state machine for one job request. */
export interface Execution {
  request: AcceptedRequest;
  /** `RUNNING`, `SUCCEEDED`, or `FAILED`, `TIMED_OUT`, `ABORTED` if it published no final notice. */
  status: string;
  record?: FinalRecord;
}

/** The error of executions that were stopped because their request was cancelled before its start time. */
const CANCELLED_BEFORE_START = 'CancelledBeforeStart';

const executionArn = (stateMachineArn: string, name: string) =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;

/** Starts the execution of a job request, under its id as name; false if the execution exists. */
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

/** Stops the execution of a request that is cancelled before its start time. */
export async function cancelExecution(
  stateMachineArn: string,
  jobRequestId: string,
  reason: string,
): Promise<void> {
  const command = new StopExecutionCommand({
    executionArn: executionArn(stateMachineArn, jobRequestId),
    error: CANCELLED_BEFORE_START,
    cause: reason,
  });
  await callAws(() => sfnClient().send(command));
}

/** The execution of a job request; undefined if it does not exist. */
export async function findExecution(
  stateMachineArn: string,
  jobRequestId: string,
): Promise<Execution | undefined> {
  const command = new DescribeExecutionCommand({ executionArn: executionArn(stateMachineArn, jobRequestId) });
  return callAws(async () => {
    try {
      const { input, output, status, error, cause = '', stopDate } = await sfnClient().send(command);
      const request = JSON.parse(input ?? '{}') as AcceptedRequest;
      const isCancelled = error === CANCELLED_BEFORE_START;
      return {
        request,
        status: status ?? 'RUNNING',
        ...(output && { record: JSON.parse(output) as FinalRecord }),
        ...(isCancelled && { record: cancelledRecord(request, stopDate?.toISOString() ?? '', cause) }),
      };
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  });
}

/** What create-job returned: the JobId, or the record of a refused job; and when. */
export interface Creation extends Pick<Step, 'jobId' | 'record'> {
  /** RFC 3339. */
  createdAt?: string;
}

/** Reads the first page of the history; empty until create-job has returned. */
export async function creationOf(stateMachineArn: string, jobRequestId: string): Promise<Creation> {
  const command = new GetExecutionHistoryCommand({
    executionArn: executionArn(stateMachineArn, jobRequestId),
    maxResults: 100,
  });
  const { events = [] } = await callAws(() => sfnClient().send(command));
  // Before its start time, a scheduled request leaves the state without a job.
  const exited = events.findLast((event) => event.stateExitedEventDetails?.name === 'CreateJob');
  const { jobId, record } = JSON.parse(exited?.stateExitedEventDetails?.output ?? '{}') as Partial<Step>;
  const createdAt = exited?.timestamp?.toISOString();
  return { ...(jobId && { jobId }), ...(record && { record }), ...(createdAt && { createdAt }) };
}

/** A page of executions, newest first. Throws InvalidQuery for a token that Step Functions does not know. */
export async function listExecutions(
  stateMachineArn: string,
  token: string | undefined,
): Promise<{ executions: ListedExecution[]; next?: string }> {
  const command = new ListExecutionsCommand({
    stateMachineArn,
    maxResults: 1000,
    ...(token !== undefined && { nextToken: token }),
  });
  const { executions = [], nextToken } = await callForPage(() => sfnClient().send(command));
  return {
    executions: executions.map(({ name = '', startDate, status = '' }) => ({
      name,
      startedMs: Number(startDate),
      status,
    })),
    ...(nextToken !== undefined && { next: nextToken }),
  };
}
