import { DescribeExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Fault } from '../../local/faults/fault.ts';
import { readDocument, tableBelow } from '../support/markdown.ts';
import { call, post, type SimulatedStack, simulateStack } from '../support/simulated-stack.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let stack: SimulatedStack;
beforeAll(async () => {
  stack = await simulateStack({ keys: ['a'] });
});
afterEach(() => stack.faults.clear());

const body = {
  Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'step', Value: 'done' }] } },
  Objects: [{ Bucket: 'data', Key: 'a' }],
};
const snsIsDown: Fault = { service: 'sns', effect: { type: 'error', status: 503 } };

async function submit(members: object = {}): Promise<string> {
  const { body: answer } = await post(stack, '/jobs', { ...body, ...members });
  return answer.jobRequestId;
}

const statusOf = async (id: string) =>
  (await stack.sfn.send(new DescribeExecutionCommand({ executionArn: stack.executionArnOf(id) }))).status;
const stop = (id: string) =>
  stack.sfn.send(new StopExecutionCommand({ executionArn: stack.executionArnOf(id) }));

const validate = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(readDocument('schemas/notice.schema.json')),
);

/** The notices of a job request; all fit the schema. */
function noticesOf(id: string) {
  const notices = stack.notices
    .map((envelope) => ({
      ...JSON.parse(envelope.Message),
      subject: envelope.Subject,
      attributes: envelope.MessageAttributes,
    }))
    .filter(({ jobRequestId }) => jobRequestId === id);
  for (const { subject, attributes, ...notice } of notices) {
    expect([validate(notice), validate.errors]).toEqual([true, null]);
    expect(subject.length).toBeLessThan(100);
    expect([attributes.kind.Value, attributes.outcome?.Value]).toEqual([notice.kind, notice.outcome]);
  }
  return notices;
}

/** Calls of Publish that fail until the state machine gives up. */
const ATTEMPTS = 201;

describe('when SNS is down for days', () => {
  test.each([
    ['at once', 0],
    ['at the second try, a minute later', 0.5 * MINUTE_MS],
    ['at the third, two more minutes later', 2 * MINUTE_MS],
  ])('the execution fails, and the notice is published later: %s', async (_, pauseMs) => {
    stack.faults.set([snsIsDown]);
    const id = await submit();
    await stack.ended(id);
    expect(await statusOf(id)).toBe('FAILED');
    expect(noticesOf(id)).toEqual([]);

    await stack.clock.advance(pauseMs);
    stack.faults.clear();
    await stack.clock.advance(4 * MINUTE_MS);
    expect(noticesOf(id)).toEqual([
      expect.objectContaining({
        noticeId: `${id}:final`,
        outcome: 'Succeeded',
        status: 'Complete',
        counts: { total: 1, succeeded: 1, failed: 0 },
        subject: 'S3PutObjectTagging: 1 object completed',
      }),
    ]);
    expect((await call(stack, 'GET', `/jobs/${id}`)).body).toMatchObject({
      state: 'NotWatched',
      status: 'Complete',
    });
  });

  test('the lost notice and its replacement have the same noticeId', async () => {
    stack.faults.set([{ service: 'sns', times: ATTEMPTS, effect: { type: 'disconnect', afterWork: true } }]);
    const id = await submit();
    await stack.ended(id);
    await stack.clock.advance(MINUTE_MS);
    expect(await statusOf(id)).toBe('FAILED');
    const ids = noticesOf(id).map(({ noticeId }) => noticeId);
    expect(ids).toHaveLength(ATTEMPTS + 1);
    expect(new Set(ids)).toEqual(new Set([`${id}:final`]));
  });

  test('a job that S3 refused is reported as refused, with the reason', async () => {
    const refusal = { code: 'AccessDenied', status: 403, message: 'Cross-account pass role is not allowed' };
    stack.faults.set([
      { ...snsIsDown, times: ATTEMPTS },
      { service: 's3control', action: 'CreateJob', effect: { type: 'error', ...refusal } },
    ]);
    const id = await submit();
    await stack.ended(id);
    await stack.clock.advance(MINUTE_MS);
    expect(noticesOf(id)).toEqual([
      expect.objectContaining({
        outcome: 'NotCreated',
        status: 'NotCreated',
        failureReasons: [expect.objectContaining({ code: 'AccessDenied', reason: refusal.message })],
      }),
    ]);
    expect((await call(stack, 'GET', `/jobs/${id}`)).body).toMatchObject({
      outcome: 'NotCreated',
      jobId: null,
    });
  });

  test('a job that may not exist is reported as lost', async () => {
    stack.faults.set([
      { ...snsIsDown, times: ATTEMPTS },
      {
        service: 'lambda',
        match: { functionName: '*-create-job' },
        effect: { type: 'functionError', errorType: 'TypeError' },
      },
    ]);
    const id = await submit();
    await stack.ended(id);
    await stack.clock.advance(MINUTE_MS);
    expect(noticesOf(id)).toEqual([
      expect.objectContaining({
        outcome: 'Lost',
        status: 'Unknown',
        summary: 'The watch stopped (its execution FAILED). It is unknown whether S3 has the job.',
        next: [`Search the S3 console for a job whose description ends with [${id}]`],
      }),
    ]);
  });
});

describe('when the execution is stopped', () => {
  const stopAfter = async (ms: number) => {
    const id = await submit({ ConfirmationRequired: true });
    await stack.clock.advance(ms);
    await stop(id);
    await stack.clock.advance(1000);
    return id;
  };

  test('while the job runs, the outcome is WatchEnded, as documented', async () => {
    const id = await stopAfter(MINUTE_MS);
    expect(noticesOf(id).map(({ kind }) => kind)).toEqual(['needs-confirmation', 'final']);
    expect(noticesOf(id).at(-1)).toMatchObject({
      outcome: 'WatchEnded',
      status: 'Suspended',
      summary:
        'The watch stopped (its execution ABORTED). The S3 job is still running. No more notices follow.',
      next: [`GET /jobs/${id} to read its status`, `POST /jobs/${id}/cancel to cancel it`],
    });
    expect(tableBelow(readDocument('docs/outcomes.md'), 'Times and ends')).toContainEqual([
      'the execution is stopped while the job runs',
      '`announce-stopped-watch` publishes: `WatchEnded`',
    ]);
    expect((await post(stack, `/jobs/${id}/cancel`)).status).toBe(202);
  });

  test.each<[string, Fault['effect']]>([
    ['does not answer', { type: 'disconnect' }],
    ['forbids the poll', { type: 'error', code: 'AccessDenied', status: 403 }],
  ])('and S3 %s, the notice is still published', async (_, effect) => {
    stack.faults.set([{ service: 's3control', action: 'DescribeJob', after: 3, effect }]);
    const id = await stopAfter(MINUTE_MS);
    expect(stack.faults.list().faults[0]?.struck).toBeGreaterThan(0);
    expect(noticesOf(id).at(-1)).toMatchObject({
      outcome: 'WatchEnded',
      status: 'Unknown',
      summary:
        'The watch stopped (its execution ABORTED). The status of the S3 job could not be read, and the job may still run. No more notices follow.',
    });
  });

  test.each([
    ['any more, it is lost', 11 * MINUTE_MS, 'Lost'],
    ['yet, it may still run', 9 * MINUTE_MS, 'WatchEnded'],
  ])('and S3 does not know the job %s', async (_, afterMs, outcome) => {
    const noSuchJob: Fault['effect'] = { type: 'error', code: 'NoSuchJob', status: 404 };
    stack.faults.set([{ service: 's3control', action: 'DescribeJob', after: 3, effect: noSuchJob }]);
    const id = await stopAfter(afterMs);
    expect(noticesOf(id).at(-1)).toMatchObject({ outcome, status: 'Unknown' });
  });

  test('after the final notice, no more notices follow', async () => {
    const id = await submit();
    await stack.ended(id);
    await stop(id);
    await stack.clock.advance(HOUR_MS);
    expect(noticesOf(id)).toHaveLength(1);
  });
});
