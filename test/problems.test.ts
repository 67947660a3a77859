import { beforeAll, expect, test } from '@jest/globals';
import type { Fault } from '../local/faults/fault.ts';
import { calls } from '../tools/api-calls.ts';
import { call, post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';

/** The change to a valid call that makes it fail with a code. */
interface Provocation {
  id?: () => string;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Environment of the functions during the call; undefined removes a variable. */
  env?: Record<string, string | undefined>;
  faults?: Fault[];
  /** Runs before the call. */
  first?: () => Promise<unknown>;
}

const Operation = { S3DeleteObjectTagging: {} };
const Objects = [{ Bucket: 'data', Key: 'a' }];
const states = (effect: Fault['effect']): Fault[] => [{ service: 'states', effect }];
const noSuchJob = (action: string): Fault => ({
  service: 's3control',
  action,
  effect: { type: 'error', code: 'NoSuchJob', status: 404 },
});
const forbiddenReport: Fault = {
  service: 's3',
  action: 'GetObject',
  match: { key: 'reports/*' },
  effect: { type: 'error', code: 'AccessDenied', status: 403 },
};

/** A valid body for each call. */
const bodies: Record<string, unknown> = {
  'POST /jobs': { Operation, Objects },
  'PATCH /jobs/{id}': { Priority: 1 },
  'PUT /jobs/{id}/tags': { Tags: [] },
};

const retries = 'POST /jobs/{id}/retry-failed';
const rest = 'POST /jobs/{id}/run-rest';
const noBucket: Fault = {
  service: 's3',
  action: 'HeadBucket',
  effect: { type: 'error', code: 'NotFound', status: 404 },
};
const rowsOf = (JobRequestId: string, Rows = 'Failed', more = {}) => ({
  Operation,
  RowsOf: { JobRequestId, Rows, ...more },
});
const noRows = { MAX_RETRY_OBJECTS: '0' };

/** By code, or by route and code if a call needs its own change. */
const provocations: Partial<Record<string, Provocation>> = {
  [`${retries} NotPossibleNow`]: {
    id: () => unreadable,
    body: { Codes: ['*'] },
    headers: { 'idempotency-key': 'another' },
    first: () => post(stack, `/jobs/${unreadable}/retry-failed`, { Codes: ['*'] }),
  },
  [`${retries} ChecksFailed`]: { id: () => failuresOnly, body: { Codes: ['*'] }, faults: [noBucket] },
  [`${rest} NotPossibleNow`]: {
    id: () => stopped[0] ?? '',
    headers: { 'idempotency-key': 'one more' },
    first: () => post(stack, `/jobs/${stopped[0]}/run-rest`),
  },
  [`${rest} ChecksFailed`]: { id: () => stopped[1] ?? '', faults: [noBucket] },
  [`${rest} TooManyFailures`]: { id: () => stopped[1] ?? '', env: noRows },
  [`${rest} ManifestNotReadable`]: {
    id: () => stopped[1] ?? '',
    faults: [{ ...forbiddenReport, match: { key: 'manifests/*' } }],
  },
  'POST /jobs JobRequestNotFound': {
    body: () => rowsOf(`${'0'.repeat(20)}-${'0'.repeat(32)}`),
  },
  'POST /jobs NoReport': { body: () => rowsOf(refused) },
  'POST /jobs ReportNotReady': { body: () => rowsOf(suspended) },
  'POST /jobs ReportNotReadable': { body: () => rowsOf(unreadable), faults: [forbiddenReport] },
  'POST /jobs ReportHasFailuresOnly': { body: () => rowsOf(failuresOnly, 'NotRun') },
  'POST /jobs NothingToRetry': { body: () => rowsOf(unreadable) },
  'POST /jobs TooManyFailures': {
    body: () => rowsOf(unreadable, 'Failed', { Codes: ['*'] }),
    env: noRows,
  },
  ReportHasFailuresOnly: { id: () => failuresOnly, query: 'status=succeeded' },
  NothingToRetry: { id: () => unreadable },
  TooManyFailures: { id: () => unreadable, body: { Codes: ['NoSuchKey'] }, env: noRows },
  InvalidJson: { body: '{"Operation":' },
  InvalidQuery: { query: 'pageSize=0' },
  InvalidIdempotencyKey: { headers: { 'idempotency-key': '' } },
  NotAllowed: { env: { TENANCY: 'claim:team' } },
  JobRequestNotFound: { id: () => `${'0'.repeat(20)}-${'0'.repeat(32)}` },
  JobNotFound: {
    faults: ['UpdateJobStatus', 'UpdateJobPriority', 'GetJobTagging'].map(noSuchJob),
  },
  NotPossibleNow: { id: () => refused },
  NoReport: { id: () => refused },
  ReportNotReady: {},
  ReportNotReadable: { id: () => unreadable, faults: [forbiddenReport] },
  BodyTooLarge: { body: { Description: 'x'.repeat(1024 * 1024) } },
  UnsupportedMediaType: { body: '{}', headers: { 'content-type': 'text/plain' } },
  InvalidRequest: { body: { Nonsense: 1 } },
  IdempotencyKeyReused: {
    headers: { 'idempotency-key': 'used' },
    first: () => post(stack, '/jobs', { Operation, Objects, Priority: 1 }, { 'idempotency-key': 'used' }),
  },
  ChecksFailed: {
    body: { Operation: { S3PutObjectLegalHold: { LegalHold: { Status: 'ON' } } }, Objects },
  },
  DryRunOutdated: { query: `dryRunId=${'0'.repeat(64)}` },
  ManifestNotReadable: {
    body: { Operation, Manifest: { Location: { ObjectArn: 'arn:aws:s3:::data/none.csv' } } },
  },
  RequestRefused: { faults: states({ type: 'error', code: 'AccessDeniedException', status: 400 }) },
  Throttled: { faults: states({ type: 'throttle' }) },
  AwsUnavailable: { faults: states({ type: 'disconnect' }) },
  InternalError: { env: { STATE_MACHINE_ARN: undefined } },
};

let stack: SimulatedStack;
/** Job requests: one with a suspended job, one that S3 refused, and one with an unreadable report. */
let suspended: string;
let refused: string;
let unreadable: string;
/** Two that were cancelled before a task ran, and one whose report has failures only. */
const stopped: string[] = [];
let failuresOnly: string;
beforeAll(async () => {
  stack = await simulateStack({ keys: ['a'] });
  const submit = async () =>
    (await post(stack, '/jobs', { Operation, Objects, ConfirmationRequired: true })).body.jobRequestId;
  suspended = await submit();
  await stack.clock.advance(20_000);
  const effect = { type: 'error', code: 'AccessDenied', status: 403 } as const;
  stack.faults.set([{ service: 's3control', action: 'CreateJob', effect }]);
  refused = await submit();
  await stack.ended(refused);
  stack.faults.set([forbiddenReport]);
  const Missing = [{ Bucket: 'data', Key: 'missing' }];
  const logs = { Enabled: true, Bucket: 'arn:aws:s3:::data', Prefix: 'reports' };
  const missing = { Operation, Objects: Missing };
  unreadable = (await post(stack, '/jobs', { ...missing, Report: logs })).body.jobRequestId;
  await stack.ended(unreadable);
  const Report = { ...logs, ReportScope: 'FailedTasksOnly' };
  failuresOnly = (await post(stack, '/jobs', { ...missing, Report })).body.jobRequestId;
  await stack.ended(failuresOnly);
  for (const Description of ['one', 'two']) {
    const body = { Operation, Objects, ConfirmationRequired: true, Description, Report: logs };
    const id = (await post(stack, '/jobs', body)).body.jobRequestId;
    await stack.clock.advance(20_000);
    await post(stack, `/jobs/${id}/cancel`);
    await stack.ended(id);
    stopped.push(id);
  }
  stack.faults.clear();
});

const pairs = Object.entries(calls).flatMap(([route, { problems }]) =>
  problems.map((code) => [route, code] as const),
);

test.each(pairs)('%s answers %s', async (route, code) => {
  const provocation = provocations[`${route} ${code}`] ?? provocations[code];
  if (!provocation) throw new Error(`nothing here provokes ${code}`);
  const { id = () => suspended, query = '', env = {}, faults = [], headers, first } = provocation;
  const given = 'body' in provocation ? provocation.body : bodies[route];
  const body = typeof given === 'function' ? given() : given;
  const [method = '', path = ''] = route.split(' ');
  await first?.();
  const executions = (await stack.executions()).length;
  stack.faults.set(faults);
  const answer = await withEnvironment(env, () =>
    call(stack, method, `${path.replace('{id}', id())}?${query}`, { body, ...(headers && { headers }) }),
  ).finally(() => stack.faults.clear());
  expect(answer.body).toMatchObject({ code });
  expect(await stack.executions()).toHaveLength(executions);
});

test.each([
  ['states', 'StartExecution', 'POST /jobs', 'InvalidExecutionInput'],
  ['s3control', 'UpdateJobPriority', 'PATCH /jobs/{id}', 'BadRequestException'],
  ['s3control', 'PutJobTagging', 'PUT /jobs/{id}/tags', 'TooManyTagsException'],
] as const)(
  'a refusal of %s %s is returned by %s with the code of AWS',
  async (service, action, route, refusal) => {
    stack.faults.set([{ service, action, effect: { type: 'error', code: refusal, status: 400 } }]);
    const [method = '', path = ''] = route.split(' ');
    const { body } = await call(stack, method, path.replace('{id}', suspended), { body: bodies[route] });
    stack.faults.clear();
    expect(body).toMatchObject({ status: 422, code: 'RequestRefused' });
    expect(body.detail).toMatch(new RegExp(`^${refusal}: `));
  },
);

test('a job that changes between the read and the change is answered with its new state', async () => {
  const accepted = await post(stack, '/jobs', { Operation, Objects, ConfirmationRequired: true });
  await stack.clock.advance(20_000);
  const path = `/jobs/${accepted.body.jobRequestId}`;
  const cancels = await Promise.all([1, 2, 3].map(() => post(stack, `${path}/cancel`)));
  expect(cancels.map(({ status }) => status).toSorted()).toEqual([200, 200, 202]);

  const other = await post(stack, '/jobs', { Operation, Objects, ConfirmationRequired: true });
  await stack.clock.advance(20_000);
  const calls = ['cancel', 'confirm'].map((call) => post(stack, `/jobs/${other.body.jobRequestId}/${call}`));
  const [cancelled, confirmed] = await Promise.all(calls);
  expect(cancelled?.status).toBe(202);
  expect(confirmed?.body).toMatchObject({ code: 'NotPossibleNow' });
});

test('a refusal of S3 counts even if the described status allows the change', async () => {
  const effect = { type: 'error', code: 'JobStatusException', status: 400 } as const;
  stack.faults.set([{ service: 's3control', action: 'UpdateJobStatus', effect }]);
  const { body } = await post(stack, `/jobs/${suspended}/confirm`);
  stack.faults.clear();
  expect(body).toMatchObject({ status: 409, code: 'NotPossibleNow' });
  expect(body.detail).toMatch(/^JobStatusException: /);
});

test.each([
  ['GET', '/job'],
  ['DELETE', '/jobs'],
  ['PUT', '/jobs/x'],
  ['GET', '/jobs/x/confirm'],
  ['GET', '/jobs/x/tags/y'],
])('API Gateway answers 404 for %s %s, which no call has', async (method, path) => {
  const { status, headers, body } = await call(stack, method, path);
  expect({ status, body }).toEqual({ status: 404, body: { message: 'Not Found' } });
  expect(headers['content-type']).toBe('application/json');
});

async function withEnvironment<T>(changes: Record<string, string | undefined>, work: () => Promise<T>) {
  const before = { ...process.env };
  for (const [name, value] of Object.entries(changes))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  try {
    return await work();
  } finally {
    Object.assign(process.env, before);
  }
}
