import { AwsError } from '../core/aws-error.ts';
import { UNKNOWN_JOB } from './unconfirmed.ts';

/**
 * A request that breaks a constraint of the model. Where the text of S3 is known, the message is that text; `Field`
 * and `Rule` name the member and the rule.
 */
export function invalidRequest(field: string, rule: string): AwsError {
  return new AwsError('InvalidRequest', 400, messageFor(field, rule), { Field: field, Rule: rule });
}

function messageFor(field: string, rule: string): string {
  if (field === 'RoleArn' && rule === 'is required') return 'Missing role arn';
  if (field === 'Manifest' || field.startsWith('Manifest.')) return 'Invalid job manifest';
  if (field.endsWith('.UserArguments')) return 'Request invalid';
  return `Request invalid: ${field} ${rule}`;
}

export const accessDenied = (message: string): AwsError => new AwsError('AccessDenied', 403, message);

export const badRequest = (message: string): AwsError => new AwsError('BadRequestException', 400, message);

/** Only ListJobs has this error; every other call answers `InvalidRequest`. */
export const invalidRequestException = (message: string): AwsError =>
  new AwsError('InvalidRequestException', 400, message);

export const invalidNextToken = (): AwsError =>
  new AwsError(
    'InvalidNextTokenException',
    400,
    'NextToken is not a token that ListJobs returned; start the list again without it',
  );

export const tokenReused = (token: string): AwsError =>
  new AwsError(
    'IdempotencyException',
    400,
    `ClientRequestToken ${token} was used with another request; use a new token for a new job`,
  );

export const unknownJob = (): AwsError =>
  new AwsError(UNKNOWN_JOB.code, UNKNOWN_JOB.status, 'The specified job does not exist');

export const jobStatusConflict = (status: string, requested: string): AwsError =>
  new AwsError('JobStatusException', 400, `A job that is ${status} cannot become ${requested}`);

export const tooManyTags = (limit: number): AwsError =>
  new AwsError('TooManyTagsException', 400, `A job has at most ${limit} tags`);

export const notImplemented = (what: string): AwsError =>
  new AwsError('NotImplemented', 501, `${what} is not implemented by this local S3 Batch Operations`);
