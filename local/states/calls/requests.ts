import type { ExecutionStatus } from '@aws-sdk/client-sfn';
import { ACCOUNT_ID, REGION } from '../../core/account.ts';
import { AwsError } from '../../core/aws-error.ts';
import { MAX_PAYLOAD_BYTES } from '../json.ts';
import { jsonFaultOf } from './json-fault.ts';

const PREFIX = `arn:aws:states:${REGION}:${ACCOUNT_ID}`;

export const machineArnOf = (machine: string): string => `${PREFIX}:stateMachine:${machine}`;
export const executionArnOf = (machine: string, name: string): string =>
  `${PREFIX}:execution:${machine}:${name}`;

const refusal = (code: string, message: string) => new AwsError(code, 400, message);

/** ValidationException, worded as AWS words a broken constraint of the service model. */
const constraintError = (member: string, constraint: string) =>
  refusal(
    'ValidationException',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have ${constraint}`,
  );

/** Throws InvalidArn for anything but an ARN of the kind. */
export function checkArn(arn: string | undefined, kind: 'stateMachine' | 'execution'): string {
  const resource = kind === 'stateMachine' ? '[^:]+' : '[^:]+:[^:]+';
  if (arn && new RegExp(`^arn:aws[a-z-]*:states:[a-z0-9-]+:\\d{12}:${kind}:${resource}$`).test(arn))
    return arn;
  throw refusal('InvalidArn', `Invalid Arn: '${arn}' is not the ARN of a resource of type ${kind}`);
}

/** White space, brackets, wildcards, special and control characters, surrogates and noncharacters. */
const FORBIDDEN_IN_NAME = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\p{Cs}\u{fffe}\u{ffff}\u{10ffff}]/u;

/** Names of executions: 1 to 80 characters. */
export function checkName(name: string): string {
  if (name.length >= 1 && name.length <= 80 && !FORBIDDEN_IN_NAME.test(name)) return name;
  throw refusal('InvalidName', `Invalid Name: '${name}'`);
}

/** An execution's input: JSON text of at most 256 KiB, nested at most as deep as AWS accepts. */
export function checkInput(input: string): string {
  if (Buffer.byteLength(input) > MAX_PAYLOAD_BYTES)
    throw constraintError('input', `length less than or equal to ${MAX_PAYLOAD_BYTES}`);
  const fault = jsonFaultOf(input);
  if (fault === undefined) return input;
  throw refusal('InvalidExecutionInput', `Invalid State Machine Execution Input: '${fault}'`);
}

/** Throws for members of a request that AWS has and this stand-in does not. */
export function refuseMembers<Request extends object>(
  request: Request,
  members: readonly (keyof Request)[],
): void {
  const member = members.find((name) => request[name] !== undefined);
  if (member !== undefined) throw refusal('ValidationException', `${String(member)} is not implemented here`);
}

const STATUSES = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'];

export function checkStatus(status: ExecutionStatus | undefined): ExecutionStatus | undefined {
  if (status === undefined || STATUSES.includes(status)) return status;
  throw constraintError('statusFilter', `one of the values ${STATUSES.join(', ')}`);
}

const MAX_PAGE = 1000;
const DEFAULT_PAGE = 100;

/** How many to list; 0 stands for the default of 100. */
export function checkPageSize(maxResults: number | undefined): number {
  if (maxResults === undefined || maxResults === 0) return DEFAULT_PAGE;
  if (maxResults > MAX_PAGE) throw constraintError('maxResults', `value less than or equal to ${MAX_PAGE}`);
  if (maxResults < 0) throw constraintError('maxResults', 'value greater than or equal to 0');
  return maxResults;
}

/** A page token holds the last id of the page before. */
export const pageToken = (id: number): string => Buffer.from(`after ${id}`).toString('base64url');

export function checkPageToken(token: string | undefined): number | undefined {
  if (token === undefined) return undefined;
  const id = /^after (\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (id === undefined) throw refusal('InvalidToken', `Invalid Token: '${token}'`);
  return Number(id);
}

export const machineDoesNotExist = (arn: string): AwsError =>
  refusal('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);

export const executionDoesNotExist = (arn: string): AwsError =>
  refusal('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);

export const executionAlreadyExists = (arn: string): AwsError =>
  refusal('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
