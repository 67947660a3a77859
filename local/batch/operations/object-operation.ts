import { AwsError } from '../../core/aws-error.ts';
import { isDiskFull } from '../../store/disk-full.ts';
import type { Completion } from '../object-actions.ts';
import type { Task, TaskOutcome } from '../task.ts';
import { reportMessage } from '../unconfirmed.ts';
import type { Operation } from './operation.ts';

const SUCCESSFUL: TaskOutcome = { succeeded: true, httpStatus: 200, errorCode: '', message: 'Successful' };

export const MISSING_VERSION: TaskOutcome = {
  succeeded: false,
  httpStatus: 400,
  errorCode: 'InvalidRequest',
  message: 'Task failed due to missing VersionId',
};

/** Most concurrent requests when the store answers with promises. */
const CONCURRENCY = 64;

/** An operation with one S3 call for each object; an error of S3 is the task's failure. */
export function objectOperation(
  act: (task: Task) => void | Promise<void> | Promise<Completion>,
  toOutcome: (error: unknown) => TaskOutcome = toFailure,
): Operation {
  const attempt = (step: Completion): TaskOutcome => {
    try {
      step();
      return SUCCESSFUL;
    } catch (error) {
      return toOutcome(error);
    }
  };
  return {
    concurrency: CONCURRENCY,
    inKeyOrder: true,
    run(task) {
      try {
        const answer = act(task);
        if (!(answer instanceof Promise)) return SUCCESSFUL;
        return answer.then(
          (step) => (typeof step === 'function' ? () => attempt(step) : SUCCESSFUL),
          toOutcome,
        );
      } catch (error) {
        return toOutcome(error);
      }
    },
  };
}

/**
 * The outcome of a task that failed with an AWS error. Any other error is reported as InternalError, except for a full
 * disk: it pauses the job.
 */
export function toFailure(error: unknown): TaskOutcome {
  const { code, status, message } = asAwsError(error);
  return { succeeded: false, httpStatus: status, errorCode: code, message: reportMessage(message) };
}

export function asAwsError(error: unknown): AwsError {
  if (isDiskFull(error)) throw error;
  return error instanceof AwsError ? error : new AwsError('InternalError', 500, String(error));
}
