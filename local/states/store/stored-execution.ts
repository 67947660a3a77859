import type { SQLOutputValue } from 'node:sqlite';
import type { ExecutionStatus } from '@aws-sdk/client-sfn';
import type { Execution } from './execution.ts';

type Row = Record<string, SQLOutputValue>;

const text = (value: SQLOutputValue | undefined) => (value == null ? undefined : String(value));

/** An execution from its row. */
export function toExecution(row: Row): Execution {
  const position = text(row['position']);
  return {
    id: Number(row['id']),
    arn: String(row['arn']),
    name: String(row['name']),
    machineArn: String(row['machine_arn']),
    roleArn: String(row['role_arn']),
    definition: String(row['definition']),
    input: String(row['input']),
    startedAt: Number(row['started_at']),
    status: String(row['status']) as ExecutionStatus,
    stoppedAt: row['stopped_at'] == null ? undefined : Number(row['stopped_at']),
    output: text(row['output']),
    error: text(row['error']),
    cause: text(row['cause']),
    lastEvent: Number(row['last_event']),
    position: position === undefined ? undefined : JSON.parse(position),
    variables: JSON.parse(String(row['variables'])),
  };
}
