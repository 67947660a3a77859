import type { NamedFunction } from './function-name.ts';

/** The second argument of a handler, as the Node.js runtime gives it. */
export interface InvocationContext {
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  awsRequestId: string;
  logGroupName: string;
  logStreamName: string;
  callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
}

export type Handler = (event: unknown, context: InvocationContext) => unknown;

export function invocationContext(
  { name, arn, version }: NamedFunction,
  awsRequestId: string,
  memoryMb: number,
  getRemainingTimeInMillis: () => number,
): InvocationContext {
  return {
    functionName: name,
    functionVersion: version,
    invokedFunctionArn: arn,
    memoryLimitInMB: String(memoryMb),
    awsRequestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: `[${version}]local`,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis,
  };
}
