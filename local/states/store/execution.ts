import type { ExecutionStatus } from '@aws-sdk/client-sfn';
import type { Json } from '../json.ts';

/** One run of a state machine, as the store keeps it. Times are milliseconds since the epoch. */
export interface Execution {
  readonly id: number;
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly roleArn: string;
  /** Key of the definition that it started with and keeps. */
  readonly definition: string;
  /** JSON text. */
  readonly input: string;
  readonly startedAt: number;
  status: ExecutionStatus;
  stoppedAt?: number | undefined;
  /** JSON text. */
  output?: string | undefined;
  error?: string | undefined;
  cause?: string | undefined;
  /** Id of the last event of its history. */
  lastEvent: number;
  /** Absent before the first state and after the last. */
  position?: Position | undefined;
  variables: Readonly<Record<string, Json>>;
}

/** Where an execution is: everything that another process needs to resume it. */
export interface Position {
  state: string;
  /** JSON text. */
  input: string;
  enteredAt: number;
  /** Id of the event. */
  enteredEvent: number;
  /** Retries so far, by retrier. */
  retries: readonly number[];
  /** Absent: the state was entered and does not wait yet. */
  pause?: Pause | undefined;
}

/** What a state waits for: a time, or the answer to a call. */
export type Pause = { kind: 'wait' | 'retry'; until: number } | TaskCall;

export interface TaskCall {
  kind: 'task';
  /** JSON text; the same when the call has to be repeated. */
  payload: string;
  timeoutSeconds?: number | undefined;
}

/** How an execution ended. */
export type Closing =
  | { status: 'SUCCEEDED'; output: string }
  | { status: 'FAILED' | 'ABORTED'; error?: string | undefined; cause?: string | undefined }
  | { status: 'TIMED_OUT' };
