import type { LambdaInvokeOperation } from '@aws-sdk/client-s3-control';
import { AwsError, ConnectionLost } from '../../core/aws-error.ts';
import type { Clock } from '../../core/clock.ts';
import type { Lambda } from '../../lambda/lambda.ts';
import type { Task, TaskOutcome } from '../task.ts';
import { LAMBDA } from '../unconfirmed.ts';
import { type LambdaVerdict, readAnswer } from './lambda-answer.ts';
import { createEventWriter } from './lambda-event.ts';
import { toFailure } from './object-operation.ts';
import type { Operation } from './operation.ts';

export interface LambdaInvokeSettings {
  /** Most concurrent invocations of each job. */
  concurrency: number;
}

export interface LambdaInvokeTools extends LambdaInvokeSettings {
  lambda: Lambda;
  clock: Clock;
  /** Aborted when the engine stops: nothing is retried. */
  stopping: AbortSignal;
}

/** Invokes the function once per task; retries temporary failures, throttling and outages of Lambda. */
export function lambdaInvoke(
  jobId: string,
  operation: LambdaInvokeOperation,
  { lambda, clock, stopping, concurrency }: LambdaInvokeTools,
): Operation {
  const writeEvent = createEventWriter(jobId, operation);
  const functionArn = operation.FunctionArn ?? '';

  async function invoke(task: Task, attempt: number): Promise<LambdaVerdict & { attempts: number }> {
    const { payload, taskIds } = writeEvent([task], attempt);
    try {
      const [verdict] = readAnswer(await lambda.invoke(functionArn, payload), taskIds);
      if (!verdict) throw new Error('no verdict for a task');
      return { ...verdict, attempts: LAMBDA.temporaryFailureAttempts };
    } catch (error) {
      return { outcome: toFailure(error), isTemporary: isOutage(error), attempts: LAMBDA.invocationAttempts };
    }
  }

  async function run(task: Task): Promise<TaskOutcome> {
    for (let attempt = 1; ; attempt++) {
      const { outcome, isTemporary, attempts } = await invoke(task, attempt);
      if (!isTemporary || attempt >= attempts || stopping.aborted) return outcome;
      await clock.sleep(pauseMs(attempt), stopping).catch(() => {});
    }
  }

  return { run, concurrency, inKeyOrder: false };
}

const pauseMs = (attempt: number): number =>
  Math.min(LAMBDA.longestPauseMs, LAMBDA.firstPauseMs * 2 ** (attempt - 1));

/** Lambda throttles or is unavailable. A missing function is no outage. */
const isOutage = (error: unknown): boolean =>
  error instanceof ConnectionLost ||
  (error instanceof AwsError && (error.status === 429 || error.status >= 500));
