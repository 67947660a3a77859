/** A failure that Retry and Catch can see: its name, and its cause as the message. */
export class StateError extends Error {
  override readonly name = 'StateError';
  /** Such as `States.Timeout`, `Lambda.ServiceException` or what a function calls its error. */
  readonly code: string;
  /** The field whose expression failed, such as `Output/total`; absent when no expression did. */
  readonly location: string | undefined;

  constructor(code: string, cause: string, location?: string) {
    super(cause);
    this.code = code;
    this.location = location;
  }

  /** What `$states.errorOutput` shows. */
  get output(): { Error: string; Cause: string } {
    return { Error: this.code, Cause: this.message };
  }
}

/** An expression that failed, or gave what its field cannot take. */
export const queryError = (text: string, location: string, problem: string): StateError =>
  new StateError(
    'States.QueryEvaluationError',
    `The JSONata expression '${text}' specified for the field '${location}' ${problem}.`,
    location,
  );

/** A payload over the limit; `place` is a state or the resource of a task. */
export const tooLongError = (place: string): StateError =>
  new StateError(
    'States.DataLimitExceeded',
    `The state/task '${place}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );

/**
 * Whether `ErrorEquals` names the error. States.Runtime always ends the execution; States.ALL leaves out
 * States.DataLimitExceeded, and States.TaskFailed leaves out States.Timeout (Step Functions guide, error names).
 */
export function matchesError(errorEquals: readonly string[], code: string): boolean {
  if (code === 'States.Runtime') return false;
  return errorEquals.some(
    (name) =>
      name === code ||
      (name === 'States.ALL' && code !== 'States.DataLimitExceeded') ||
      (name === 'States.TaskFailed' && code !== 'States.Timeout'),
  );
}
