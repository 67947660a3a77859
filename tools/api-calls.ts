/** The facts of each call that serverless.yml, schemas/ and the error catalogue lack. tools/openapi.ts makes the contract. */
import type { ErrorCode } from '../functions/core/errors.ts';
import { operationNames } from '../functions/domain/request/operation.ts';

/** A successful answer. */
export interface Answer {
  description: string;
  /** File name in schemas/ without its ending; undefined for an answer without a body. */
  schema?: string;
  /** Media type of the same content as text, by Accept header. */
  text?: string;
  headers?: (keyof typeof headers)[];
}

export interface ApiCall {
  operationId: string;
  summary: string;
  /** In addition to those of the path. */
  parameters?: (keyof typeof parameters)[];
  /** File name in schemas/ without its ending. */
  body?: string;
  isBodyOptional?: true;
  /** By HTTP status. */
  answers: Record<number, Answer>;
  problems: ErrorCode[];
}

export const parameters = {
  id: {
    name: 'id',
    in: 'path',
    required: true,
    description: 'The jobRequestId of a job request.',
    schema: { type: 'string', pattern: '^[0-9a-f]{20}-[0-9a-f]{32}$' },
  },
  idempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'A repeated key with the same body returns the same job request. The same key with another body or call is refused.',
    schema: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?$',
    },
  },
  ifNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'The ETag of an earlier answer: 304 if nothing has changed.',
    schema: { type: 'string' },
  },
  prefer: {
    name: 'Prefer',
    in: 'header',
    description:
      'wait=N: wait up to N seconds, at most 20, until the job request has ended or, with If-None-Match, has changed.',
    schema: { type: 'string' },
  },
  dryRun: {
    name: 'dryRun',
    in: 'query',
    description: 'true: describe what the request would do, and start nothing.',
    schema: { type: 'boolean', default: false },
  },
  dryRunId: {
    name: 'dryRunId',
    in: 'query',
    description:
      'The dryRunId of a dry run of the same request: start exactly what it described, or nothing.',
    schema: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  },
  status: {
    name: 'status',
    in: 'query',
    description: 'Only job requests with one of these statuses of S3, states or outcomes.',
    schema: { type: 'array', items: { type: 'string' } },
  },
  operation: {
    name: 'operation',
    in: 'query',
    description: 'Only job requests with one of these operations.',
    schema: { type: 'array', items: { type: 'string', enum: operationNames } },
  },
  tag: {
    name: 'tag',
    in: 'query',
    description: 'Only job requests that were submitted with all of these job tags: KEY or KEY=VALUE.',
    schema: { type: 'array', items: { type: 'string' } },
  },
  text: {
    name: 'text',
    in: 'query',
    description: 'Only job requests with this text in the id or the description, in upper or lower case.',
    schema: { type: 'string' },
  },
  createdAfter: {
    name: 'createdAfter',
    in: 'query',
    description: 'Only job requests that were submitted after this time, RFC 3339.',
    schema: { type: 'string' },
  },
  createdBefore: {
    name: 'createdBefore',
    in: 'query',
    description: 'Only job requests that were submitted before this time, RFC 3339.',
    schema: { type: 'string' },
  },
  pageSize: {
    name: 'pageSize',
    in: 'query',
    schema: { type: 'integer', minimum: 1, maximum: 50, default: 20 },
  },
  pageToken: {
    name: 'pageToken',
    in: 'query',
    description: 'The nextPageToken of the previous page.',
    schema: { type: 'string' },
  },
  taskStatus: {
    name: 'status',
    in: 'query',
    description: 'Only tasks that succeeded, or only tasks that failed.',
    schema: { type: 'string', enum: ['succeeded', 'failed'] },
  },
  code: {
    name: 'code',
    in: 'query',
    description: 'Only tasks that failed with one of these error codes.',
    schema: { type: 'array', items: { type: 'string' } },
  },
  resultsPageSize: {
    name: 'pageSize',
    in: 'query',
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  },
  scope: {
    name: 'scope',
    in: 'query',
    description: 'account: all jobs of the account as S3 lists them, for tenants in accountScopeTenants.',
    schema: { type: 'string', enum: ['own', 'account'], default: 'own' },
  },
} as const;

export const headers = {
  Location: { description: 'Path of the job resource.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds to wait before the next request.', schema: { type: 'integer' } },
  'Idempotency-Replayed': {
    description: 'true if an earlier request started the job request.',
    schema: { type: 'string', enum: ['true'] },
  },
  'Preference-Applied': {
    description: 'wait=N: the service waited, at most N seconds.',
    schema: { type: 'string' },
  },
  ETag: { description: 'A fingerprint of the body, for If-None-Match.', schema: { type: 'string' } },
  Link: { description: 'The path of the next page, with rel="next".', schema: { type: 'string' } },
  Vary: { description: 'Accept: the header that chooses the media type.', schema: { type: 'string' } },
} as const;

const awsCall: ErrorCode[] = ['NotAllowed', 'RequestRefused', 'Throttled', 'AwsUnavailable', 'InternalError'];
const jobCall: ErrorCode[] = ['JobRequestNotFound', ...awsCall];
const jobChange: ErrorCode[] = ['NotPossibleNow', 'JobNotFound', ...jobCall];
const reportCall: ErrorCode[] = ['NoReport', 'ReportNotReady', 'ReportNotReadable', ...jobCall];
const withBody: ErrorCode[] = ['InvalidJson', 'BodyTooLarge', 'UnsupportedMediaType', 'InvalidRequest'];
const rowsCall: ErrorCode[] = ['NothingToRetry', 'TooManyFailures', ...reportCall];
const childCall: ErrorCode[] = [
  ...withBody,
  'InvalidIdempotencyKey',
  'IdempotencyKeyReused',
  'NotPossibleNow',
  'ChecksFailed',
  ...rowsCall,
];

const job = (description: string, ...names: Answer['headers'] & object): Answer => ({
  description,
  schema: 'job-resource',
  headers: ['Retry-After', ...names],
});
const accepted = job(
  'Accepted now or by an earlier request.',
  'Location',
  'Idempotency-Replayed',
  'Preference-Applied',
);
const unchanged: Answer = { description: 'The content has not changed.', headers: ['ETag'] };
const tags: Answer = { description: 'The job tags of the caller.', schema: 'job-tags' };

/** By route, in the order of the contract. */
export const calls: Record<string, ApiCall> = {
  'POST /jobs': {
    operationId: 'submitJob',
    summary: 'Accept a job request, create its job, and watch it to its end',
    parameters: ['idempotencyKey', 'prefer', 'dryRun', 'dryRunId'],
    body: 'job-request',
    answers: {
      200: { description: 'The result of a dry run; nothing was created.', schema: 'dry-run' },
      202: accepted,
    },
    problems: [
      ...withBody,
      'InvalidQuery',
      'ChecksFailed',
      'DryRunOutdated',
      'InvalidIdempotencyKey',
      'IdempotencyKeyReused',
      'ManifestNotReadable',
      'ReportHasFailuresOnly',
      ...rowsCall,
    ],
  },
  'GET /jobs': {
    operationId: 'listJobs',
    summary: 'List the job requests of the caller, newest first',
    parameters: [
      ...(['status', 'operation', 'tag', 'text', 'createdAfter', 'createdBefore'] as const),
      ...(['pageSize', 'pageToken', 'scope', 'ifNoneMatch'] as const),
    ],
    answers: {
      200: { description: 'One page of jobs.', schema: 'job-list', headers: ['ETag'] },
      304: unchanged,
    },
    problems: ['InvalidQuery', ...awsCall],
  },
  'GET /jobs/{id}': {
    operationId: 'getJob',
    summary: 'Get the current state of a job request',
    parameters: ['ifNoneMatch', 'prefer'],
    answers: {
      200: job(
        'The job resource, with Retry-After until the job request has ended.',
        'ETag',
        'Preference-Applied',
      ),
      304: { ...unchanged, headers: ['ETag', 'Retry-After', 'Preference-Applied'] },
    },
    problems: jobCall,
  },
  'PATCH /jobs/{id}': {
    operationId: 'changeJob',
    summary: 'Change the priority of a job',
    body: 'job-changes',
    answers: { 200: job('The priority was changed.') },
    problems: [...withBody, ...jobChange],
  },
  'POST /jobs/{id}/confirm': {
    operationId: 'confirmJob',
    summary: 'Confirm a suspended job, so that it starts',
    parameters: ['prefer'],
    answers: {
      200: job('The job was confirmed before.'),
      202: job('The job was confirmed.', 'Location', 'Preference-Applied'),
    },
    problems: jobChange,
  },
  'POST /jobs/{id}/cancel': {
    operationId: 'cancelJob',
    summary: 'Cancel a job',
    body: 'cancel-request',
    isBodyOptional: true,
    parameters: ['prefer'],
    answers: {
      200: job('The job was cancelled before.'),
      202: job('The job was cancelled.', 'Location', 'Preference-Applied'),
    },
    problems: [...withBody, ...jobChange],
  },
  'GET /jobs/{id}/tags': {
    operationId: 'getJobTags',
    summary: 'Get the job tags',
    answers: { 200: tags },
    problems: jobChange,
  },
  'PUT /jobs/{id}/tags': {
    operationId: 'putJobTags',
    summary: 'Replace the job tags',
    body: 'job-tags',
    answers: { 200: tags },
    problems: [...withBody, ...jobChange],
  },
  'DELETE /jobs/{id}/tags': {
    operationId: 'deleteJobTags',
    summary: 'Remove the job tags',
    answers: { 200: tags },
    problems: jobChange,
  },
  'GET /jobs/{id}/report': {
    operationId: 'getReport',
    summary: 'Get the digest of the completion report',
    parameters: ['ifNoneMatch'],
    answers: {
      200: { description: 'The digest of the report.', schema: 'report', headers: ['ETag'] },
      304: unchanged,
    },
    problems: reportCall,
  },
  'GET /jobs/{id}/results': {
    operationId: 'listResults',
    summary: 'List the tasks with their results, as JSON or as CSV for spreadsheets',
    parameters: ['taskStatus', 'code', 'resultsPageSize', 'pageToken'],
    answers: {
      200: {
        description: 'One page of tasks.',
        schema: 'results',
        text: 'text/csv',
        headers: ['Link', 'Vary'],
      },
    },
    problems: ['InvalidQuery', 'ReportHasFailuresOnly', ...reportCall],
  },
  'GET /jobs/{id}/failures': {
    operationId: 'listFailures',
    summary: 'List the failed tasks, as JSON or as CSV for spreadsheets',
    parameters: ['code', 'resultsPageSize', 'pageToken'],
    answers: {
      200: {
        description: 'One page of failed tasks.',
        schema: 'failures',
        text: 'text/csv',
        headers: ['Link', 'Vary'],
      },
    },
    problems: ['InvalidQuery', ...reportCall],
  },
  'POST /jobs/{id}/retry-failed': {
    operationId: 'retryFailed',
    summary: 'Retry the failed tasks in a new job',
    parameters: ['idempotencyKey', 'prefer'],
    body: 'retry-failed',
    isBodyOptional: true,
    answers: { 202: accepted },
    problems: childCall,
  },
  'POST /jobs/{id}/run-rest': {
    operationId: 'runRest',
    summary: 'Run the tasks that never ran in a new job',
    parameters: ['idempotencyKey', 'prefer'],
    body: 'run-rest',
    isBodyOptional: true,
    answers: { 202: accepted },
    problems: [...childCall, 'ReportHasFailuresOnly', 'ManifestNotReadable'],
  },
  'GET /': {
    operationId: 'getEntry',
    summary: 'Get the links to the calls',
    answers: { 200: { description: 'The links.', schema: 'entry' } },
    problems: [],
  },
  'GET /openapi.json': {
    operationId: 'getContract',
    summary: 'Get this contract',
    parameters: ['ifNoneMatch'],
    answers: {
      200: { description: 'The contract, as OpenAPI 3.1.', schema: 'contract', headers: ['ETag'] },
      304: unchanged,
    },
    problems: [],
  },
  'GET /health': {
    operationId: 'getHealth',
    summary: 'Check that the API answers',
    answers: { 200: { description: 'The API answers.', schema: 'health' } },
    problems: [],
  },
};
