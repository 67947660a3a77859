/** A failure that Retry and Catch can handle: its name, and its cause as the message. */
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

  /** The value of `$states.errorOutput`. */
  get output(): { Error: string; Cause: string } {
    return { Error: this.code, Cause: this.message };
  }
}

/** An expression that failed, or whose result its field does not accept. */
export const queryError = (text: string, location: string, problem: string): StateError =>
  new StateError(
    'States.QueryEvaluationError',
    `The JSONata expression '${text}' specified for the field '${location}' ${problem}.`,
    location,
  );

/** A payload over the limit. `source` is a state or the resource of a task. */
export const tooLongError = (source: string): StateError =>
  new StateError(
    'States.DataLimitExceeded',
    `The state/task '${source}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );

/**
 * Whether `ErrorEquals` names the error. Nothing catches States.Runtime. States.ALL excludes
 * States.DataLimitExceeded, and States.TaskFailed excludes States.Timeout (Step Functions guide, error names).
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
