import { AwsError } from '../../aws/wire.ts';
import { reportMessage } from '../unconfirmed.ts';
import type { Operation, Task, TaskOutcome } from './operation.ts';

const SUCCESSFUL: TaskOutcome = { succeeded: true, httpStatus: 200, errorCode: '', message: 'Successful' };

/** Requests under way at a time when the store answers with promises. */
const CONCURRENCY = 64;

/** An operation that is one call of S3 for each object; S3's refusal is the task's failure. */
export function objectOperation(act: (task: Task) => void | Promise<void>): Operation {
  return {
    concurrency: CONCURRENCY,
    inKeyOrder: true,
    run(task) {
      try {
        const answer = act(task);
        return answer instanceof Promise ? answer.then(() => SUCCESSFUL, toFailure) : SUCCESSFUL;
      } catch (error) {
        return toFailure(error);
      }
    },
  };
}

/** The failed task for an error of an AWS service; anything else is a fault of ours and told as S3 would. */
export function toFailure(error: unknown): TaskOutcome {
  const { code, status, message } =
    error instanceof AwsError ? error : new AwsError('InternalError', 500, String(error));
  return { succeeded: false, httpStatus: status, errorCode: code, message: reportMessage(message) };
}
