import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Cursor } from '../domain/job/job-list.ts';
import type { AcceptedRequest } from '../domain/request/create-job-input.ts';
import type { FinalRecord, Step } from '../domain/watch/watch.ts';
import { sfnClient } from './clients.ts';
import { callAws, callForPage } from './known-errors.ts';

/** The run of the state machine for one job request. */
export interface Execution {
  arn: string;
  request: AcceptedRequest;
  /** `RUNNING`, `SUCCEEDED`, or `FAILED`, `TIMED_OUT`, `ABORTED` if it published no final notice. */
  status: string;
  record?: FinalRecord;
}

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

/** The execution of a job request; undefined if it does not exist. */
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

/** What create-job returned: the JobId, or the record of a refused job; and when. */
export interface Creation extends Pick<Step, 'jobId' | 'record'> {
  /** RFC 3339. */
  createdAt?: string;
}

/** Reads the first page of the history; empty until create-job has returned. */
export async function creationOf(execution: Execution): Promise<Creation> {
  const command = new GetExecutionHistoryCommand({ executionArn: execution.arn, maxResults: 100 });
  const { events = [] } = await callAws(() => sfnClient().send(command));
  const exited = events.find((event) => event.stateExitedEventDetails?.name === 'CreateJob');
  const { jobId, record } = JSON.parse(exited?.stateExitedEventDetails?.output ?? '{}') as Partial<Step>;
  const createdAt = exited?.timestamp?.toISOString();
  return { ...(jobId && { jobId }), ...(record && { record }), ...(createdAt && { createdAt }) };
}

/** Executions per ListExecutions call, and calls per list. */
const SCAN_PAGE = 100;
const MAX_SCAN_PAGES = 10;

/**
 * Names of executions, newest first: up to `count` wanted names, and the start of the next page. A page can be short or
 * empty if few executions are wanted. It is the last one only without `next`.
 */
export async function listExecutionNames(
  stateMachineArn: string,
  isWanted: (name: string) => boolean,
  { token, skip }: Cursor,
  count: number,
): Promise<{ names: string[]; next?: Cursor }> {
  const names: string[] = [];
  let at: Cursor = { skip, ...(token !== undefined && { token }) };
  for (let page = 0; page < MAX_SCAN_PAGES; page++) {
    const command = new ListExecutionsCommand({
      stateMachineArn,
      maxResults: SCAN_PAGE,
      ...(at.token !== undefined && { nextToken: at.token }),
    });
    const { executions = [], nextToken } = await callForPage(() => sfnClient().send(command));
    for (let i = at.skip; i < executions.length; i++) {
      const name = executions[i]?.name ?? '';
      if (!isWanted(name)) continue;
      if (names.length === count) return { names, next: { ...at, skip: i } };
      names.push(name);
    }
    if (nextToken === undefined) return { names };
    at = { token: nextToken, skip: 0 };
  }
  return { names, next: at };
}
