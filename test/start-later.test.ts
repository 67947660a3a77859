import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Fault } from '../local/faults/fault.ts';
import { readDocument, tableBelow } from './support/markdown.ts';
import { call, post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let stack: SimulatedStack;
beforeAll(async () => {
  stack = await simulateStack({ keys: ['a'] });
});
afterEach(() => stack.faults.clear());

const inMs = (ms: number) => new Date(stack.clock.now() + ms).toISOString();
const bodyAt = (StartAt: string, more: object = {}) => ({
  Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'step', Value: 'done' }] } },
  Objects: [{ Bucket: 'data', Key: 'a' }],
  StartAt,
  ...more,
});
const submit = async (StartAt: string, more: object = {}): Promise<string> =>
  (await post(stack, '/jobs', bodyAt(StartAt, more))).body.jobRequestId;
const read = async (id: string) => (await call(stack, 'GET', `/jobs/${id}`)).body;
const cancel = (id: string, body?: object) => call(stack, 'POST', `/jobs/${id}/cancel`, body ? { body } : {});
const jobsOf = async (id: string) =>
  (await stack.jobs()).filter(({ Description }) => Description?.includes(id)).length;
const finalNotices = (id: string) =>
  stack.notices.map(({ Message }) => JSON.parse(Message)).filter((notice) => notice.jobRequestId === id);
const executionOf = (id: string) =>
  stack.sfn.send(new DescribeExecutionCommand({ executionArn: stack.executionArnOf(id) }));

describe('a request with StartAt', () => {
  test('creates its job at that time, and runs as any other', async () => {
    const StartAt = inMs(3 * DAY_MS);
    const { status, body, headers } = await post(stack, '/jobs', bodyAt(StartAt));
    expect([status, body.state, body.startAt, headers['retry-after']]).toEqual([
      202,
      'Scheduled',
      StartAt,
      String((3 * DAY_MS) / 1000),
    ]);
    await stack.clock.advance(3 * DAY_MS - 10_000);
    expect(await read(body.jobRequestId)).toMatchObject({ state: 'Scheduled', jobId: null, outcome: null });
    expect(await jobsOf(body.jobRequestId)).toBe(0);
    const { job, outcome } = await stack.ended(body.jobRequestId);
    expect(outcome).toBe('Succeeded');
    expect(Date.parse(job?.CreationTime ?? '')).toBe(Math.floor(Date.parse(StartAt) / 1000) * 1000);
    expect(await read(body.jobRequestId)).toMatchObject({ state: 'Ended', startAt: StartAt });
  });

  test('enters CreateJob twice, with one wait between', async () => {
    const id = await submit(inMs(HOUR_MS));
    await stack.ended(id);
    const entered = (await stack.history(id)).flatMap((event) => event.stateEnteredEventDetails?.name ?? []);
    expect(entered.slice(0, 5)).toEqual([
      'CreateJob',
      'BranchOnStatus',
      'WaitForStart',
      'CreateJob',
      'BranchOnStatus',
    ]);
  });

  test.each([
    ['with a zone', '2026-06-01T02:00:00+02:00', '2026-06-01T00:00:00.000Z'],
    ['without a zone, in UTC', '2026-06-01T00:00:00', '2026-06-01T00:00:00.000Z'],
    ['as a date', '2026-06-01', '2026-06-01T00:00:00.000Z'],
  ])('takes a time %s', async (_, StartAt, startAt) => {
    await stack.clock.advance(Math.max(0, Date.parse('2026-05-20T00:00:00Z') - stack.clock.now()));
    expect((await post(stack, '/jobs', bodyAt(StartAt))).body.startAt).toBe(startAt);
  });

  test('in the past starts at once', async () => {
    const { body } = await post(stack, '/jobs', bodyAt(inMs(-1)));
    expect([body.state, body.startAt]).toEqual(['Requested', null]);
  });

  test.each(['', '?dryRun=true'])('more than 30 days ahead is refused: POST /jobs%s', async (query) => {
    const { status, body } = await post(stack, `/jobs${query}`, bodyAt(inMs(30 * DAY_MS + 1000)));
    expect([status, body.errors]).toEqual([
      422,
      [expect.objectContaining({ pointer: '/StartAt', detail: expect.stringContaining('30 days ahead') })],
    ]);
  });

  test('is listed by its state', async () => {
    const id = await submit(inMs(HOUR_MS));
    const { body } = await call(stack, 'GET', '/jobs?status=Scheduled');
    expect(body.jobs.map((job: { jobRequestId: string }) => job.jobRequestId)).toContain(id);
    await stack.ended(id);
    expect((await call(stack, 'GET', '/jobs?status=Scheduled')).body.jobs).not.toContainEqual(
      expect.objectContaining({ jobRequestId: id }),
    );
  });

  test('is replayed with the same key before, at and after its start', async () => {
    const headers = { 'idempotency-key': 'later' };
    const body = bodyAt(inMs(DAY_MS));
    const first = await post(stack, '/jobs', body, headers);
    for (const pauseMs of [HOUR_MS, 2 * DAY_MS]) {
      await stack.clock.advance(pauseMs);
      const again = await post(stack, '/jobs', body, headers);
      expect([again.status, again.headers['idempotency-replayed']]).toEqual([202, 'true']);
      expect(again.body.jobRequestId).toBe(first.body.jobRequestId);
    }
    expect(await jobsOf(first.body.jobRequestId)).toBe(1);
  });

  test('counts DeadlineSeconds from its start', async () => {
    const StartAt = inMs(DAY_MS);
    const id = await submit(StartAt, { ConfirmationRequired: true, Watch: { DeadlineSeconds: 3600 } });
    const { outcome, noticedAt } = await stack.ended(id);
    expect([outcome, Date.parse(noticedAt) - Date.parse(StartAt)]).toEqual(['WatchEnded', HOUR_MS]);
  });

  test('runs over the manifest as it was at the submission', async () => {
    const put = (Body: string) =>
      stack.s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'list.csv', Body }));
    await put('data,a\n');
    const { body } = await post(stack, '/jobs', {
      Operation: { S3DeleteObjectTagging: {} },
      Manifest: { Location: { ObjectArn: 'arn:aws:s3:::data/list.csv' } },
      StartAt: inMs(HOUR_MS),
    });
    const { ETag } = await stack.s3.send(new HeadObjectCommand({ Bucket: 'data', Key: 'list.csv' }));
    expect(body.request.Manifest.Location.ETag).toBe(ETag?.replaceAll('"', ''));
    await put('data,b\n');
    expect(await stack.ended(body.jobRequestId)).toMatchObject({ outcome: 'Failed' });
  });
});

describe('cancelling a request before its start', () => {
  test('stops its execution with an error of its own, creates no job, and publishes Cancelled', async () => {
    const id = await submit(inMs(DAY_MS));
    const { status, body } = await cancel(id, { reason: 'wrong day' });
    expect([status, body.state, body.outcome, body.links.cancel]).toEqual([
      202,
      'Ended',
      'Cancelled',
      undefined,
    ]);
    expect(body.failureReasons).toEqual([
      expect.objectContaining({ code: 'CancelledBeforeStart', reason: 'wrong day' }),
    ]);
    await stack.clock.advance(2 * DAY_MS);
    expect(await executionOf(id)).toMatchObject({ status: 'ABORTED', error: 'CancelledBeforeStart' });
    expect(await jobsOf(id)).toBe(0);
    expect(finalNotices(id)).toEqual([
      expect.objectContaining({
        noticeId: `${id}:final`,
        outcome: 'Cancelled',
        summary: 'The request was cancelled before its job was created (wrong day).',
      }),
    ]);
  });

  test('is documented', () => {
    expect(tableBelow(readDocument('docs/outcomes.md'), 'Times and ends')).toContainEqual([
      'the request is cancelled more than 2 minutes before `StartAt`',
      '`announce-stopped-watch` publishes: `Cancelled`',
    ]);
  });

  test('again answers 200', async () => {
    const id = await submit(inMs(DAY_MS));
    expect((await cancel(id)).status).toBe(202);
    expect((await cancel(id)).status).toBe(200);
  });

  test('seconds before the start does not stop the execution: create-job finds the mark', async () => {
    const id = await submit(inMs(HOUR_MS));
    await stack.clock.advance(HOUR_MS - 30_000);
    expect((await cancel(id, { reason: 'late' })).status).toBe(202);
    expect(await stack.ended(id)).toMatchObject({
      outcome: 'Cancelled',
      failureReasons: [{ reason: 'late' }],
    });
    expect([await jobsOf(id), finalNotices(id)]).toMatchObject([0, [{ outcome: 'Cancelled' }]]);
    expect((await cancel(id)).status).toBe(200);
  });

  test('a job that was created meanwhile is cancelled at its next check, with the reason', async () => {
    const id = await submit(inMs(HOUR_MS), { ConfirmationRequired: true });
    // create-job creates the job, and its answer is lost: the caller finds no job.
    const lost: Fault = {
      service: 'lambda',
      match: { functionName: '*-create-job' },
      effect: { type: 'functionError', errorType: 'Lambda.Unknown', afterWork: true },
    };
    await stack.clock.advance(HOUR_MS - 30_000);
    stack.faults.set([lost]);
    await stack.clock.advance(31_000);
    const { status } = await cancel(id, { reason: 'too late' });
    expect(status).toBe(202);
    stack.faults.clear();
    expect(await stack.ended(id)).toMatchObject({
      outcome: 'Cancelled',
      job: { StatusUpdateReason: 'too late' },
    });
    expect(await jobsOf(id)).toBe(1);
  });
});
