/** What a deployed stack must do for its callers. Each check throws what is wrong. */
import assert from 'node:assert/strict';
import type { Answer, Caller, Notice, Stack } from './stack.ts';

/** A bucket of the default `dataBuckets`. */
export const BUCKET = 'bucket-brigade-data-rehearsal';
export const OBJECTS = ['a.txt', 'b/ü.txt', 'c.txt'];

export type Check = (stack: Stack, caller: Caller) => Promise<void>;

const objects = (...keys: string[]) => keys.map((Key) => ({ Bucket: BUCKET, Key }));
const tagging = (Value: string) => ({ S3PutObjectTagging: { TagSet: [{ Key: 'team', Value }] } });

const expectStatus = (answer: Answer, status: number) =>
  assert.equal(
    answer.status,
    status,
    `expected ${status}, found ${answer.status} ${JSON.stringify(answer.body)}`,
  );
const expectOutcome = (notice: Notice, outcome: string) =>
  assert.equal(notice.outcome, outcome, `expected ${outcome}, found ${JSON.stringify(notice)}`);

export async function submit(stack: Stack, caller: Caller, body: object): Promise<string> {
  const answer = await stack.call(caller, 'POST', '/jobs', body);
  expectStatus(answer, 202);
  return answer.body.jobRequestId;
}

/** Submits a job that waits for its confirmation. */
async function submitWaiting(stack: Stack, caller: Caller, body: object): Promise<string> {
  const id = await submit(stack, caller, { ...body, ConfirmationRequired: true });
  await stack.notice(id, 'needs-confirmation');
  return id;
}

/** Refuses callers without a signature, and those whose user lacks execute-api:Invoke. */
export const strangers: Check = async (stack) => {
  expectStatus(await stack.call(undefined, 'GET', '/jobs'), 403);
  const stranger = await stack.makeUser('stranger', ['execute-api:InvalidateCache']);
  expectStatus(await stack.call(stranger, 'GET', '/jobs'), 403);
};

/** Tags objects, publishes the notice, and answers each call that reads or changes a job. */
export const mainJob: Check = async (stack, caller) => {
  const Objects = objects('a.txt', 'b/ü.txt');
  const id = await submit(stack, caller, { Operation: tagging('main'), Objects });
  const notice = await stack.notice(id);
  expectOutcome(notice, 'Succeeded');
  assert.deepEqual(notice['counts'], { total: 2, succeeded: 2, failed: 0 });
  assert.deepEqual(await stack.tags(BUCKET, 'b/ü.txt'), { team: 'main' });
  const job = await stack.call(caller, 'GET', `/jobs/${id}`);
  assert.equal(job.body.outcome, 'Succeeded', JSON.stringify(job.body));
  const list = await stack.call(caller, 'GET', '/jobs');
  assert.ok(
    list.body.jobs?.some((one: Notice) => one.jobRequestId === id),
    JSON.stringify(list.body),
  );
  expectStatus(await stack.call(caller, 'GET', `/jobs/${id}/report`), 200);
  expectStatus(await stack.call(caller, 'GET', '/health'), 200);
};

/** Waits for the confirmation of a job, whose priority and tags can be changed until then. */
export const confirmation: Check = async (stack, caller) => {
  const body = { Operation: tagging('confirmed'), Objects: objects('a.txt') };
  const id = await submitWaiting(stack, caller, body);
  expectStatus(await stack.call(caller, 'PATCH', `/jobs/${id}`, { Priority: 7 }), 200);
  const Tags = [{ Key: 'cost', Value: '1' }];
  expectStatus(await stack.call(caller, 'PUT', `/jobs/${id}/tags`, { Tags }), 200);
  expectStatus(await stack.call(caller, 'POST', `/jobs/${id}/confirm`), 202);
  expectOutcome(await stack.notice(id), 'Succeeded');
  assert.deepEqual(await stack.tags(BUCKET, 'a.txt'), { team: 'confirmed' });
};

/** Cancels a job that waits for confirmation. */
export const cancellation: Check = async (stack, caller) => {
  const body = { Operation: tagging('never'), Objects: objects('a.txt') };
  const id = await submitWaiting(stack, caller, body);
  expectStatus(await stack.call(caller, 'POST', `/jobs/${id}/cancel`), 202);
  expectOutcome(await stack.notice(id), 'Cancelled');
};

/** Cancels a request before its start time, which stops its execution. */
export const scheduled: Check = async (stack, caller) => {
  const StartAt = new Date(Date.now() + 3_600_000).toISOString();
  const id = await submit(stack, caller, { Operation: tagging('never'), Objects: objects('a.txt'), StartAt });
  const cancelled = await stack.call(caller, 'POST', `/jobs/${id}/cancel`);
  expectStatus(cancelled, 202);
  assert.equal(cancelled.body.outcome, 'Cancelled', JSON.stringify(cancelled.body));
  expectOutcome(await stack.notice(id), 'Cancelled');
};

/** Retries an object that is missing, by itself. */
export const automaticRetry: Check = async (stack, caller) => {
  await stack.put(BUCKET, 'late.txt', 'text');
  const id = await submitWaiting(stack, caller, {
    Operation: tagging('by itself'),
    Objects: objects('a.txt', 'late.txt'),
    Retry: { Times: 1, AfterSeconds: 1, Codes: ['*'] },
  });
  await stack.remove(BUCKET, 'late.txt');
  expectStatus(await stack.call(caller, 'POST', `/jobs/${id}/confirm`), 202);
  const notice = await stack.notice(id);
  const { state, jobRequestId } = notice['retry'] as { state?: string; jobRequestId?: string };
  assert.equal(state, 'started', JSON.stringify(notice));
  const last = await stack.notice(jobRequestId ?? '');
  assert.deepEqual(last['totals'], { jobs: 2, total: 2, succeeded: 1, failed: 1, left: 0 });
};

/** Lists an object that is missing as failed, and retries it once it is there. */
export const failures: Check = async (stack, caller) => {
  const Objects = objects('a.txt', 'late.txt');
  await stack.put(BUCKET, 'late.txt', 'text');
  const id = await submitWaiting(stack, caller, { Operation: tagging('retried'), Objects });
  await stack.remove(BUCKET, 'late.txt');
  expectStatus(await stack.call(caller, 'POST', `/jobs/${id}/confirm`), 202);
  const notice = await stack.notice(id);
  expectOutcome(notice, 'CompletedWithFailures');
  assert.deepEqual(notice['topErrors'], [{ errorCode: 'NoSuchKey', httpStatus: 404, count: 1 }]);
  const failed = await stack.call(caller, 'GET', `/jobs/${id}/failures`);
  assert.deepEqual(
    failed.body.failures?.map((one: { key: string }) => one.key),
    ['late.txt'],
    JSON.stringify(failed.body),
  );
  await stack.put(BUCKET, 'late.txt', 'text');
  const retry = await stack.call(caller, 'POST', `/jobs/${id}/retry-failed`, { Codes: ['*'] });
  expectStatus(retry, 202);
  const confirmed = await stack.notice(retry.body.jobRequestId, 'needs-confirmation');
  expectStatus(await stack.call(caller, 'POST', `/jobs/${confirmed.jobRequestId}/confirm`), 202);
  expectOutcome(await stack.notice(retry.body.jobRequestId), 'Succeeded');
  assert.deepEqual(await stack.tags(BUCKET, 'late.txt'), { team: 'retried' });
};

/** Runs the first object as a canary and the other one as its rest, reads the results, and runs on what succeeded. */
export const rows: Check = async (stack, caller) => {
  const body = { Operation: tagging('canary'), Objects: objects('a.txt', 'c.txt'), MaxObjects: 1 };
  const id = await submit(stack, caller, body);
  expectOutcome(await stack.notice(id), 'Succeeded');
  const rest = await stack.call(caller, 'POST', `/jobs/${id}/run-rest`);
  expectStatus(rest, 202);
  const restId = rest.body.jobRequestId;
  expectOutcome(await stack.notice(restId), 'Succeeded');
  const results = await stack.call(caller, 'GET', `/jobs/${restId}/results?status=succeeded`);
  assert.deepEqual(
    results.body.results?.map((one: { key: string }) => one.key),
    ['c.txt'],
    JSON.stringify(results.body),
  );
  const RowsOf = { JobRequestId: restId, Rows: 'Succeeded' };
  expectOutcome(
    await stack.notice(await submit(stack, caller, { Operation: tagging('rows'), RowsOf })),
    'Succeeded',
  );
  assert.deepEqual(await stack.tags(BUCKET, 'c.txt'), { team: 'rows' });
};

/** Runs an action of the worker, in the version that was deployed. */
export const workerAction =
  (version: number): Check =>
  async (stack, caller) => {
    const id = await submit(stack, caller, { Operation: GZIP, Objects: objects('c.txt') });
    await expectGzip(stack, caller, id, version);
  };

const GZIP = { LambdaInvoke: { UserArguments: { action: 'gzip', suffix: '.gz' } } };

async function expectGzip(stack: Stack, caller: Caller, id: string, version: number): Promise<void> {
  expectOutcome(await stack.notice(id), 'Succeeded');
  assert.equal((await stack.head(BUCKET, 'c.txt.gz')).ContentEncoding, 'gzip');
  await stack.remove(BUCKET, 'c.txt.gz');
  const { body } = await stack.call(caller, 'GET', `/jobs/${id}`);
  assert.match(String(body.job?.Operation?.LambdaInvoke?.FunctionArn), new RegExp(`-worker:${version}$`));
}

/** A job that was accepted before an update runs after it, with the worker of that time. Returns the second half. */
export async function acceptWorkerJob(stack: Stack, caller: Caller, version: number): Promise<Check> {
  const id = await submitWaiting(stack, caller, { Operation: GZIP, Objects: objects('c.txt') });
  return async () => {
    expectStatus(await stack.call(caller, 'POST', `/jobs/${id}/confirm`), 202);
    await expectGzip(stack, caller, id, version);
  };
}

/** Announces an execution that was stopped, once. */
export const abortedExecution: Check = async (stack, caller) => {
  const body = { Operation: tagging('never'), Objects: objects('a.txt') };
  const id = await submitWaiting(stack, caller, body);
  await stack.abort(id);
  expectOutcome(await stack.notice(id), 'WatchEnded');
};

/** Has every alarm and queue of the template; each alarm notifies somebody. */
export const watchfulness: Check = async (stack) => {
  const alarms = await stack.resources('AWS::CloudWatch::Alarm');
  assert.ok(alarms.length > 0);
  assert.deepEqual((await stack.alarms()).sort(), alarms.sort());
  const queues = await stack.resources('AWS::SQS::Queue');
  assert.equal(queues.length, 2);
  for (const queue of queues) assert.equal(await stack.messages(queue), 0, `${queue} has messages`);
};

/** Refuses callers without a token of the issuer for this API. */
export const badTokens =
  (tokens: Record<string, number>): Check =>
  async (stack) => {
    expectStatus(await stack.call(undefined, 'GET', '/jobs'), 401);
    for (const [token, status] of Object.entries(tokens))
      expectStatus(await stack.call({ token }, 'GET', '/jobs'), status);
  };
