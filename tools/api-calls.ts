/** What serverless.yml, schemas/ and the error catalogue do not say of a call; tools/openapi.ts makes the contract of it all. */
import type { ErrorCode } from '../functions/core/errors.ts';

/** An answer that is no problem. */
export interface Answer {
  description: string;
  /** File name in schemas/, without its ending; no body when it is left out. */
  schema?: string;
  /** Media type of the same as text, for who asks for it. */
  text?: string;
  headers?: (keyof typeof headers)[];
}

export interface ApiCall {
  operationId: string;
  summary: string;
  /** Besides those of the path. */
  parameters?: (keyof typeof parameters)[];
  /** File name in schemas/, without its ending. */
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
    description: 'The jobRequestId that POST /jobs answered.',
    schema: { type: 'string', pattern: '^[0-9a-f]{12}-[0-9a-f]{32}$' },
  },
  idempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'The same key and body again is the same job; the same key with another body, or for another call, is refused.',
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
    description: 'An ETag that was answered before: 304 when nothing has changed.',
    schema: { type: 'string' },
  },
  prefer: {
    name: 'Prefer',
    in: 'header',
    description:
      'wait=N: the answer comes when the job request is final or, with If-None-Match, has changed; after N seconds, at most 20, in any case.',
    schema: { type: 'string' },
  },
  dryRun: {
    name: 'dryRun',
    in: 'query',
    description: 'true: say what would happen, and do nothing.',
    schema: { type: 'boolean', default: false },
  },
  dryRunId: {
    name: 'dryRunId',
    in: 'query',
    description: 'Of a dry run of the same request: start exactly what it saw, or nothing.',
    schema: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  },
  status: {
    name: 'status',
    in: 'query',
    description: 'Only these; S3’s statuses, states and outcomes.',
    schema: { type: 'array', items: { type: 'string' } },
  },
  pageSize: {
    name: 'pageSize',
    in: 'query',
    schema: { type: 'integer', minimum: 1, maximum: 50, default: 20 },
  },
  pageToken: {
    name: 'pageToken',
    in: 'query',
    description: 'The nextPageToken of the page before.',
    schema: { type: 'string' },
  },
  code: {
    name: 'code',
    in: 'query',
    description: 'Only tasks that failed with these error codes.',
    schema: { type: 'array', items: { type: 'string' } },
  },
  failuresPageSize: {
    name: 'pageSize',
    in: 'query',
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  },
  scope: {
    name: 'scope',
    in: 'query',
    description: 'account: S3’s own jobs of the whole account, for the tenants that may see them.',
    schema: { type: 'string', enum: ['own', 'account'], default: 'own' },
  },
} as const;

export const headers = {
  Location: { description: 'Path of the job resource.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds until it is worth asking again.', schema: { type: 'integer' } },
  'Idempotency-Replayed': {
    description: 'true when the job was there already.',
    schema: { type: 'string', enum: ['true'] },
  },
  'Preference-Applied': { description: 'wait=N: so many seconds at most.', schema: { type: 'string' } },
  ETag: { description: 'Of the body.', schema: { type: 'string' } },
  Link: { description: 'The next page, as rel="next".', schema: { type: 'string' } },
  Vary: { description: 'Accept.', schema: { type: 'string' } },
} as const;

const awsCall: ErrorCode[] = ['NotAllowed', 'RequestRefused', 'Throttled', 'AwsUnavailable', 'InternalError'];
const jobCall: ErrorCode[] = ['JobRequestNotFound', ...awsCall];
const jobChange: ErrorCode[] = ['NotPossibleNow', 'JobNotFound', ...jobCall];
const reportCall: ErrorCode[] = ['NoReport', 'ReportNotReady', 'ReportNotReadable', ...jobCall];
const withBody: ErrorCode[] = ['InvalidJson', 'BodyTooLarge', 'UnsupportedMediaType', 'InvalidRequest'];

const job = (description: string, ...names: Answer['headers'] & object): Answer => ({
  description,
  schema: 'job-resource',
  headers: ['Retry-After', ...names],
});
const unchanged: Answer = { description: 'Nothing has changed.', headers: ['ETag'] };
const tags: Answer = { description: 'The caller’s job tags.', schema: 'job-tags' };

/** By route, in the order of the contract. */
export const calls: Record<string, ApiCall> = {
  'POST /jobs': {
    operationId: 'submitJob',
    summary: 'Accept a job request, create its job and watch it to its end',
    parameters: ['idempotencyKey', 'prefer', 'dryRun', 'dryRunId'],
    body: 'job-request',
    answers: {
      200: { description: 'What would happen, with dryRun.', schema: 'dry-run' },
      202: job('Accepted, or accepted before.', 'Location', 'Idempotency-Replayed', 'Preference-Applied'),
    },
    problems: [
      ...withBody,
      'InvalidQuery',
      'ChecksFailed',
      'DryRunOutdated',
      'InvalidIdempotencyKey',
      'IdempotencyKeyReused',
      'ManifestNotReadable',
      ...awsCall,
    ],
  },
  'GET /jobs': {
    operationId: 'listJobs',
    summary: 'List the caller’s job requests, newest first',
    parameters: ['status', 'pageSize', 'pageToken', 'scope', 'ifNoneMatch'],
    answers: { 200: { description: 'A page.', schema: 'job-list', headers: ['ETag'] }, 304: unchanged },
    problems: ['InvalidQuery', ...awsCall],
  },
  'GET /jobs/{id}': {
    operationId: 'getJob',
    summary: 'Get a job request as it is now',
    parameters: ['ifNoneMatch', 'prefer'],
    answers: {
      200: job('The job resource; Retry-After until it is final.', 'ETag', 'Preference-Applied'),
      304: { ...unchanged, headers: ['ETag', 'Retry-After', 'Preference-Applied'] },
    },
    problems: jobCall,
  },
  'PATCH /jobs/{id}': {
    operationId: 'changeJob',
    summary: 'Give a job another priority',
    body: 'job-changes',
    answers: { 200: job('Changed.') },
    problems: [...withBody, ...jobChange],
  },
  'POST /jobs/{id}/confirm': {
    operationId: 'confirmJob',
    summary: 'Let a job start that waits for its confirmation',
    parameters: ['prefer'],
    answers: {
      200: job('It was confirmed before.'),
      202: job('Confirmed.', 'Location', 'Preference-Applied'),
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
      200: job('It was cancelled before.'),
      202: job('Cancelled.', 'Location', 'Preference-Applied'),
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
    answers: { 200: { description: 'The digest.', schema: 'report', headers: ['ETag'] }, 304: unchanged },
    problems: reportCall,
  },
  'GET /jobs/{id}/failures': {
    operationId: 'listFailures',
    summary: 'List the failed tasks, as JSON or as CSV that is safe for spreadsheets',
    parameters: ['code', 'failuresPageSize', 'pageToken'],
    answers: {
      200: { description: 'A page.', schema: 'failures', text: 'text/csv', headers: ['Link', 'Vary'] },
    },
    problems: ['InvalidQuery', ...reportCall],
  },
  'POST /jobs/{id}/retry-failed': {
    operationId: 'retryFailed',
    summary: 'Run the failed tasks again, as a job of its own',
    parameters: ['idempotencyKey', 'prefer'],
    body: 'retry-failed',
    isBodyOptional: true,
    answers: {
      202: job('Accepted, or accepted before.', 'Location', 'Idempotency-Replayed', 'Preference-Applied'),
    },
    problems: [
      ...withBody,
      'InvalidIdempotencyKey',
      'IdempotencyKeyReused',
      'NotPossibleNow',
      'NothingToRetry',
      'TooManyFailures',
      ...reportCall,
    ],
  },
  'GET /openapi.json': {
    operationId: 'getContract',
    summary: 'Get this contract',
    parameters: ['ifNoneMatch'],
    answers: {
      200: { description: 'OpenAPI 3.1.', schema: 'contract', headers: ['ETag'] },
      304: unchanged,
    },
    problems: [],
  },
  'GET /health': {
    operationId: 'getHealth',
    summary: 'See whether the API answers',
    answers: { 200: { description: 'It does.', schema: 'health' } },
    problems: [],
  },
};
