/** What Lambda's Invoke (request-response) answers. */
export interface LambdaAnswer {
  /** JSON text: the function's result, or `{"errorType", "errorMessage", "trace"}` when `functionError` is set. */
  payload: string;
  functionError?: 'Unhandled';
}

/** Runs functions by name or ARN (qualifier allowed). Many invocations may run at once. */
export interface Lambda {
  /**
   * Rejects with AwsError (`ResourceNotFoundException`, `TooManyRequestsException`, `ServiceException`) when the
   * function did not run; a function that threw, timed out or died is an answer with `functionError`.
   */
  invoke(functionName: string, payload: string): Promise<LambdaAnswer>;
}
