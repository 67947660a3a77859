import type { LambdaAnswer } from '../../lambda/lambda.ts';
import { LAMBDA } from '../unconfirmed.ts';
import type { TaskOutcome } from './operation.ts';

const RESULT_CODES = ['Succeeded', 'TemporaryFailure', 'PermanentFailure'] as const;
type ResultCode = (typeof RESULT_CODES)[number];

/** How one task came out of one invocation; a temporary failure may be tried again. */
export interface LambdaVerdict {
  outcome: TaskOutcome;
  isTemporary: boolean;
}

/** What the function's answer means for each of the tasks that it was given, in their order. */
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

/** Undefined when the answer has not the shape of the contract. Results of tasks that were not given are ignored. */
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

/** HTTP status 200, because the invocation itself worked. */
const failed = (errorCode: string, message: string): LambdaVerdict => ({
  outcome: { succeeded: false, httpStatus: 200, errorCode, message },
  isTemporary: false,
});
