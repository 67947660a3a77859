import type {
  ExecutionListItem,
  GetExecutionHistoryInput,
  GetExecutionHistoryOutput,
  ListExecutionsInput,
  ListExecutionsOutput,
} from '@aws-sdk/client-sfn';
import type { Execution } from '../store/execution.ts';
import type { ExecutionStore } from '../store/execution-store.ts';
import { toHistoryEvent } from '../store/history.ts';
import { checkPageSize, checkPageToken, checkStatus, pageToken, refuseMembers } from './requests.ts';

/** Where a list in reverse begins. */
const AFTER_ALL = Number.MAX_SAFE_INTEGER;

/** A page of a machine's executions, newest first. */
export function listExecutions(
  store: ExecutionStore,
  machineArn: string,
  request: ListExecutionsInput,
): ListExecutionsOutput {
  refuseMembers(request, ['mapRunArn', 'redriveFilter']);
  const { maxResults, nextToken } = request;
  const status = checkStatus(request.statusFilter);
  const limit = checkPageSize(maxResults);
  const before = checkPageToken(nextToken) ?? AFTER_ALL;
  const { page, ...more } = cut(store.list(machineArn, status, before, limit + 1), limit);
  return { executions: page.map(toListItem), ...more };
}

/** A page of an execution's history. */
export function getExecutionHistory(
  store: ExecutionStore,
  execution: Execution,
  { maxResults, nextToken, reverseOrder = false, includeExecutionData = true }: GetExecutionHistoryInput,
): GetExecutionHistoryOutput {
  const limit = checkPageSize(maxResults);
  const from = checkPageToken(nextToken) ?? (reverseOrder ? AFTER_ALL : 0);
  const { page, ...more } = cut(store.events(execution, from, limit + 1, reverseOrder), limit);
  return { events: page.map((entry) => toHistoryEvent(entry, includeExecutionData)), ...more };
}

/** The page without the extra row, which only shows that another page follows. */
function cut<Row extends { id: number }>(rows: Row[], limit: number): { page: Row[]; nextToken?: string } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return rows.length > limit && last ? { page, nextToken: pageToken(last.id) } : { page };
}

const toListItem = (execution: Execution): ExecutionListItem => ({
  executionArn: execution.arn,
  stateMachineArn: execution.machineArn,
  name: execution.name,
  status: execution.status,
  startDate: new Date(execution.startedAt),
  ...(execution.stoppedAt !== undefined && { stopDate: new Date(execution.stoppedAt) }),
  redriveCount: 0,
});
