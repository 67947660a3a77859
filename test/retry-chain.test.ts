import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Notice } from '../functions/core/generated/notice.mjs';
import { nextIdOf } from '../functions/domain/request/job-request-id.ts';
import type { Fault } from '../local/faults/fault.ts';
import { readDocument, tableBelow } from './support/markdown.ts';
import { call, post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';
import { failing } from './support/tasks.ts';

const HOUR_SECONDS = 3600;

let stack: SimulatedStack;
beforeAll(async () => {
  stack = await simulateStack({ keys: KEYS });
});
afterEach(() => stack.faults.clear());

const KEYS = ['busy/a', 'busy/b c', 'busy/c', 'locked/a', 'well/a', 'well/b'];
const BUSY = failing('busy/*', 'SlowDown', 503);
const LOCKED = failing('locked/*');
const SLOW_POLL: Fault = {
  service: 'lambda',
  match: { functionName: '*-describe-job' },
  effect: { type: 'delay', seconds: 50 },
};

async function submit(members: object = {}): Promise<string> {
  const { body } = await post(stack, '/jobs', {
    Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'team', Value: 'media' }] } },
    Objects: KEYS.map((Key) => ({ Bucket: 'data', Key })),
    Retry: { Times: 2, AfterSeconds: HOUR_SECONDS },
    ...members,
  });
  expect(body).toHaveProperty('jobRequestId');
  return body.jobRequestId;
}
const read = async (id: string) => (await call(stack, 'GET', `/jobs/${id}`)).body;
const cancel = (id: string, body: object) => call(stack, 'POST', `/jobs/${id}/cancel`, { body });
const finalNotices = (id: string): Notice[] =>
  stack.notices
    .map(({ Message }) => JSON.parse(Message))
    .filter(({ jobRequestId, kind }) => jobRequestId === id && kind === 'final');
const jobsOf = async (id: string) =>
  (await stack.jobs()).filter(({ Description }) => Description?.includes(id)).length;

describe('an automatic retry', () => {
  test('starts after the job and before its final notice, runs the rows that qualify, and ends with totals', async () => {
    stack.faults.set([BUSY, LOCKED]);
    const id = await submit({ ConfirmationRequired: false, Tags: [{ Key: 'team', Value: 'media' }] });
    const { job, outcome, retry } = await stack.ended(id);
    const child = nextIdOf(id);
    const startAt = new Date(Date.parse(job?.TerminationDate ?? '') + HOUR_SECONDS * 1000).toISOString();
    expect([outcome, retry]).toEqual([
      'CompletedWithFailures',
      { state: 'started', jobRequestId: child, startAt },
    ]);
    const [notice] = finalNotices(id);
    expect(notice).toMatchObject({
      retry,
      next: expect.arrayContaining([`GET /jobs/${child} to follow the retry`]),
    });
    expect(notice?.summary).toContain(`A retry starts at ${startAt}.`);
    expect(notice?.totals).toBeUndefined();
    expect(await read(child)).toMatchObject({
      state: 'Scheduled',
      startAt,
      parent: { jobRequestId: id, rows: 'Retry' },
      tags: [{ Key: 'team', Value: 'media' }],
    });
    expect((await read(id)).children).toMatchObject([{ jobRequestId: child, isUnderWay: true }]);

    stack.faults.set([failing('busy/c', 'SlowDown', 503), LOCKED]);
    expect(await stack.ended(child)).toMatchObject({
      outcome: 'CompletedWithFailures',
      job: { ProgressSummary: { TotalNumberOfTasks: 3, NumberOfTasksFailed: 1 } },
      retry: { state: 'started' },
    });

    stack.faults.set([LOCKED]);
    const last = nextIdOf(child);
    expect(await stack.ended(last)).toMatchObject({ outcome: 'Succeeded' });
    expect(finalNotices(last)[0]?.totals).toEqual({ jobs: 3, total: 6, succeeded: 5, failed: 1, left: 0 });
    expect((await call(stack, 'GET', `/jobs/${nextIdOf(last)}`)).status).toBe(404);
  });

  test('is not started when its times are used up', async () => {
    stack.faults.set([BUSY]);
    const id = await submit({ Retry: { Times: 1, AfterSeconds: 60 } });
    await stack.ended(id);
    const child = nextIdOf(id);
    await stack.ended(child);
    expect(finalNotices(child)[0]).toMatchObject({
      outcome: 'CompletedWithFailures',
      totals: { jobs: 2, total: 6, succeeded: 3, failed: 3, left: 0 },
    });
    expect((await call(stack, 'GET', `/jobs/${nextIdOf(child)}`)).status).toBe(404);
  });

  test.each([
    ['no task failed', [], {}],
    ['no failed task qualifies', [LOCKED], {}],
    ['no failed task has a chosen code', [BUSY], { Codes: ['AccessDenied'] }],
  ])('is not started when %s', async (_, faults, more) => {
    stack.faults.set(faults);
    const id = await submit({ Retry: { Times: 2, AfterSeconds: 60, ...more } });
    expect(await stack.ended(id)).not.toHaveProperty('retry');
    expect((await call(stack, 'GET', `/jobs/${nextIdOf(id)}`)).status).toBe(404);
  });

  test('takes the chosen codes', async () => {
    stack.faults.set([BUSY, LOCKED]);
    const id = await submit({ Retry: { Times: 1, AfterSeconds: 60, Codes: ['AccessDenied'] } });
    await stack.ended(id);
    stack.faults.clear();
    expect(await stack.ended(nextIdOf(id))).toMatchObject({
      outcome: 'Succeeded',
      job: { ProgressSummary: { TotalNumberOfTasks: 1 } },
    });
    expect(finalNotices(nextIdOf(id))[0]?.totals).toEqual({
      jobs: 2,
      total: 6,
      succeeded: 3,
      failed: 3,
      left: 0,
    });
  });

  test('also runs the tasks that never ran, after S3 ended the job', async () => {
    stack.faults.set([
      { service: 'batch', times: 1, effect: { type: 'failJob', afterTasks: 3 } },
      failing('busy/a', 'SlowDown', 503),
    ]);
    const id = await submit();
    const { outcome, job, retry } = await stack.ended(id);
    const { TotalNumberOfTasks: total = 0, NumberOfTasksSucceeded: done = 0 } = job?.ProgressSummary ?? {};
    expect([outcome, retry?.state, total]).toEqual(['Failed', 'started', 6]);
    stack.faults.clear();
    expect(await stack.ended(nextIdOf(id))).toMatchObject({
      outcome: 'Succeeded',
      job: { ProgressSummary: { TotalNumberOfTasks: total - done } },
    });
    expect(finalNotices(nextIdOf(id))[0]?.totals).toEqual({
      ...{ jobs: 2, total: 6, succeeded: 6, failed: 0, left: 0 },
    });
  });

  test('that cannot be started is named in the final notice, which goes out all the same', async () => {
    stack.faults.set([
      BUSY,
      {
        service: 'lambda',
        match: { functionName: '*-start-retry' },
        effect: { type: 'functionError', errorType: 'TypeError' },
      },
    ]);
    const id = await submit();
    await stack.ended(id);
    expect(finalNotices(id)).toEqual([
      expect.objectContaining({
        outcome: 'CompletedWithFailures',
        retry: { state: 'not-started', reason: expect.stringContaining('start-retry failed') },
        report: expect.objectContaining({ state: 'summarized' }),
      }),
    ]);
  });

  test('that is missing is started when the execution was stopped', async () => {
    stack.faults.set([BUSY, SLOW_POLL]);
    const id = await submit();
    await stack.clock.advance(30_000);
    const executionArn = stack.executionArnOf(id);
    const { StopExecutionCommand } = await import('@aws-sdk/client-sfn');
    await stack.sfn.send(new StopExecutionCommand({ executionArn }));
    await stack.clock.advance(60_000);
    expect(finalNotices(id)).toEqual([
      expect.objectContaining({
        outcome: 'CompletedWithFailures',
        retry: expect.objectContaining({ state: 'started' }),
      }),
    ]);
    expect(await read(nextIdOf(id))).toMatchObject({ state: 'Scheduled' });
    await cancel(nextIdOf(id), { retries: true });
  });

  test.each([
    [{ Times: 101, AfterSeconds: 60 }, '/Retry/Times'],
    [{ Times: 100, AfterSeconds: 25_921 }, '/Retry'],
    [{ Times: 1 }, '/Retry/AfterSeconds'],
  ])('%j is refused', async (Retry, pointer) => {
    const { status, body } = await post(stack, '/jobs', {
      Operation: { S3DeleteObjectTagging: {} },
      Objects: [{ Bucket: 'data', Key: 'well/a' }],
      Retry,
    });
    expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
  });
});

describe('which outcome starts what', () => {
  const rows = tableBelow(readDocument('docs/outcomes.md'), 'Automatic retries');
  const refusal = { code: 'AccessDenied', status: 403, message: 'no' };
  const RETRY = { Times: 1, AfterSeconds: 60, Results: ['*'] };

  /** The ends of the parent's tasks that the retry runs, by the manifest of the retry and the report of the parent. */
  async function ranAgain(id: string): Promise<string> {
    const { request } = await read(nextIdOf(id));
    if (!request) return '–';
    const [, Bucket, Key] = /^arn:aws:s3:::([^/]+)\/(.*)$/.exec(request.Manifest.Location.ObjectArn) ?? [];
    const { Body } = await stack.s3.send(new GetObjectCommand({ Bucket, Key }));
    const { results: tasks } = (await call(stack, 'GET', `/jobs/${id}/results`)).body;
    const keys = [...String(await Body?.transformToString()).matchAll(/^data,(.*)$/gm)].map(([, key = '']) =>
      decodeURIComponent(key.replaceAll('+', ' ')),
    );
    const ends = keys.map(
      (key) => tasks.find((task: { key: string }) => task.key === key)?.status ?? 'never ran',
    );
    return ['failed', 'succeeded', 'never ran'].filter((end) => ends.includes(end)).join(', ');
  }

  const cases: [outcome: string, faults: Fault[], members: object][] = [
    ['Succeeded', [], {}],
    ['CompletedWithFailures', [BUSY], {}],
    [
      'Failed',
      [
        { service: 'batch', times: 1, effect: { type: 'failJob', afterTasks: 3 } },
        { ...BUSY, after: 1, times: 1 },
      ],
      {},
    ],
    ['Cancelled', [], { ConfirmationRequired: true }],
    [
      'NotCreated',
      [{ service: 's3control', action: 'CreateJob', effect: { type: 'error', ...refusal } }],
      {},
    ],
    [
      'Lost',
      [
        {
          service: 'lambda',
          match: { functionName: '*-create-job' },
          effect: { type: 'functionError', errorType: 'TypeError' },
        },
      ],
      {},
    ],
    ['WatchEnded', [], { ConfirmationRequired: true, Watch: { DeadlineSeconds: 120 } }],
  ];

  test.each(cases)('%s', async (outcome, faults, members) => {
    stack.faults.set(faults);
    const id = await submit({ Retry: RETRY, ...members });
    await stack.clock.advance(20_000);
    if (outcome === 'Cancelled') await cancel(id, {});
    const record = await stack.ended(id);
    expect(record.outcome).toBe(outcome);
    expect(rows).toContainEqual([`\`${outcome}\``, await ranAgain(id)]);
    stack.faults.clear();
    if (record.retry) await stack.ended(nextIdOf(id));
  });

  test('has a row for each outcome', () => {
    expect(rows.map(([outcome]) => outcome)).toEqual(cases.map(([outcome]) => `\`${outcome}\``));
  });
});

describe('retry-failed', () => {
  test('answers 409 while an automatic retry is scheduled or running, and starts a retry after the last one', async () => {
    stack.faults.set([BUSY]);
    const id = await submit({ Retry: { Times: 1, AfterSeconds: 60 } });
    await stack.ended(id);
    expect(await post(stack, `/jobs/${id}/retry-failed`)).toMatchObject({
      status: 409,
      body: { code: 'NotPossibleNow', detail: expect.stringContaining(nextIdOf(id)) },
    });
    await stack.ended(nextIdOf(id));
    expect((await post(stack, `/jobs/${id}/retry-failed`)).status).toBe(202);
  });
});

describe('cancel with {"retries": true}', () => {
  test('stops the retry that is scheduled, from any job of the chain', async () => {
    stack.faults.set([BUSY]);
    const id = await submit();
    await stack.ended(id);
    const { status, body } = await cancel(id, { retries: true, reason: 'enough' });
    expect([status, body.jobRequestId, body.outcome]).toEqual([202, nextIdOf(id), 'Cancelled']);
    await stack.clock.advance(3 * HOUR_SECONDS * 1000);
    expect(await jobsOf(nextIdOf(id))).toBe(0);
    expect(finalNotices(nextIdOf(id))).toMatchObject([
      { outcome: 'Cancelled', totals: { jobs: 2, total: 6, succeeded: 3, failed: 0, left: 3 } },
    ]);
  });

  test('of a running job cancels it and starts no retry; without a job left it is still acknowledged', async () => {
    stack.faults.set([BUSY]);
    const id = await submit({ ConfirmationRequired: true });
    await stack.clock.advance(20_000);
    expect((await cancel(id, { retries: true })).status).toBe(202);
    expect(await stack.ended(id)).toMatchObject({ outcome: 'Cancelled' });
    expect((await cancel(id, { retries: true })).status).toBe(200);
    expect((await call(stack, 'GET', `/jobs/${nextIdOf(id)}`)).status).toBe(404);
  });

  test('between the end of the job and its final notice starts no retry', async () => {
    stack.faults.set([BUSY, SLOW_POLL]);
    const id = await submit();
    await stack.clock.advance(30_000);
    expect((await cancel(id, { retries: true, reason: 'enough' })).status).toBe(202);
    expect(await stack.ended(id)).toMatchObject({
      outcome: 'CompletedWithFailures',
      retry: { state: 'not-started', reason: 'The retries were cancelled: enough' },
    });
  });
});
