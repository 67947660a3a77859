import type { LambdaAnswer } from '../../lambda/lambda.ts';
import type { TaskOutcome } from '../task.ts';
import { LAMBDA } from '../unconfirmed.ts';

const RESULT_CODES = ['Succeeded', 'TemporaryFailure', 'PermanentFailure'] as const;
type ResultCode = (typeof RESULT_CODES)[number];

/** The outcome of one task in one invocation; a temporary failure may be retried. */
export interface LambdaVerdict {
  outcome: TaskOutcome;
  isTemporary: boolean;
}

/** The verdict of the function's answer for each task, in the order of the tasks. */
export function readAnswer(answer: LambdaAnswer, taskIds: readonly string[]): LambdaVerdict[] {
  if (answer.functionError) {
    const verdict = failed('PermanentFailure', `Lambda returned function error: ${answer.payload}`);
    return taskIds.map(() => ({ ...verdict, isTemporary: LAMBDA.retriesFunctionErrors }));
  }
  const results = parseResults(answer.payload);
  if (!results)
    return taskIds.map(() => failed('PermanentFailure', 'Invalid JSON returned in Lambda payload'));
  return taskIds.map((taskId) => results.verdicts.get(taskId) ?? results.missing);
}

/** Undefined when the answer breaks the contract. Results of unknown tasks are ignored. */
function parseResults(payload: string) {
  const answer = parseObject(payload);
  const missingCode = answer?.['treatMissingKeysAs'] ?? 'TemporaryFailure';
  if (!answer || !Array.isArray(answer['results']) || !isResultCode(missingCode)) return undefined;
  const verdicts = new Map<string, LambdaVerdict>();
  for (const result of answer['results']) {
    const { taskId, resultCode, resultString } = (result ?? {}) as Record<string, unknown>;
    if (typeof taskId !== 'string' || !isResultCode(resultCode)) return undefined;
    verdicts.set(taskId, toVerdict(resultCode, typeof resultString === 'string' ? resultString : ''));
  }
  return { verdicts, missing: toVerdict(missingCode, '') };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const isResultCode = (value: unknown): value is ResultCode => RESULT_CODES.includes(value as ResultCode);

function toVerdict(code: ResultCode, resultString: string): LambdaVerdict {
  const message = resultString.slice(0, LAMBDA.resultStringLimit);
  if (code === 'PermanentFailure') return failed(code, message);
  if (code === 'Succeeded') {
    return { outcome: { succeeded: true, httpStatus: 200, errorCode: '', message }, isTemporary: false };
  }
  const last = failed(LAMBDA.lastTemporaryFailureCode, message || LAMBDA.lastTemporaryFailureMessage);
  return { ...last, isTemporary: true };
}

/** The HTTP status is 200, because the invocation itself succeeded. */
const failed = (errorCode: string, message: string): LambdaVerdict => ({
  outcome: { succeeded: false, httpStatus: 200, errorCode, message },
  isTemporary: false,
});
