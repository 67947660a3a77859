import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';

const OBJECTS = 2000;

let stack: SimulatedStack;
beforeAll(async () => {
  const all = Array.from({ length: OBJECTS }, (_, i) => `object-${i}`);
  stack = await simulateStack({ tasksPerSecond: 2, keys: all.filter((_, i) => i % 10 !== 0) });
});
afterEach(() => stack.faults.clear());

/** A tenth of the objects does not exist, so their tasks fail. */
async function submit(members: object): Promise<string> {
  const { body } = await post(stack, '/jobs', {
    Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'step', Value: 'done' }] } },
    Objects: Array.from({ length: OBJECTS }, (_, i) => ({ Bucket: 'data', Key: `object-${i}` })),
    ...members,
  });
  return body.jobRequestId;
}

const REASON = /^MaxFailedPercent 5 exceeded: (\d+) of (\d+) tasks failed \(([\d.]+) %\)$/;
const finalNotices = (id: string) =>
  stack.notices.map(({ Message }) => JSON.parse(Message)).filter((notice) => notice.jobRequestId === id);

test('a job beyond its limit is cancelled within two checks, with the limit and the figures as the reason', async () => {
  const id = await submit({ Limits: { MaxFailedPercent: 5, AfterTasks: 200 } });
  const { outcome, job } = await stack.ended(id);
  const [, failed = '', done = '', percent] = REASON.exec(job?.StatusUpdateReason ?? '') ?? [];
  expect([outcome, percent]).toEqual([
    'Cancelled',
    String(Number(((100 * Number(failed)) / Number(done)).toFixed(2))),
  ]);
  // At 2 tasks a second, two checks of 15 s are 60 tasks.
  expect(Number(done)).toBeGreaterThanOrEqual(200);
  expect(Number(done)).toBeLessThanOrEqual(260);
  expect(finalNotices(id)).toEqual([
    expect.objectContaining({
      outcome: 'Cancelled',
      summary: expect.stringContaining(`(${job?.StatusUpdateReason}); `),
    }),
  ]);
});

test.each([
  ['is not reached', { MaxFailedPercent: 50 }],
  ['applies only after more tasks than there are', { MaxFailedPercent: 0, AfterTasks: OBJECTS + 1 }],
])('a job whose limit %s runs to its end', async (_, Limits) => {
  expect((await stack.ended(await submit({ Limits }))).outcome).toBe('CompletedWithFailures');
});

test('the reason survives a check that is cut off after it has cancelled the job', async () => {
  stack.faults.set([
    {
      service: 's3control',
      action: 'UpdateJobStatus',
      times: 1,
      effect: { type: 'disconnect', afterWork: true },
    },
  ]);
  const id = await submit({ Limits: { MaxFailedPercent: 5 } });
  const { outcome, job } = await stack.ended(id);
  expect([outcome, REASON.test(job?.StatusUpdateReason ?? '')]).toEqual(['Cancelled', true]);
  expect(stack.faults.list().faults[0]?.struck).toBe(1);
  expect(finalNotices(id)).toHaveLength(1);
});

test('a job that describe-job may not cancel is watched to its end', async () => {
  stack.faults.set([
    {
      service: 's3control',
      action: 'UpdateJobStatus',
      effect: { type: 'error', code: 'AccessDenied', status: 403 },
    },
  ]);
  const id = await submit({ Limits: { MaxFailedPercent: 5 } });
  expect((await stack.ended(id)).outcome).toBe('CompletedWithFailures');
  expect(finalNotices(id)).toHaveLength(1);
});

test.each([
  [{ MaxFailedPercent: 101 }, '/Limits/MaxFailedPercent'],
  [{ MaxFailedPercent: -1 }, '/Limits/MaxFailedPercent'],
  [{ MaxFailedPercent: 5, AfterTasks: 0 }, '/Limits/AfterTasks'],
  [{ AfterTasks: 5 }, '/Limits/MaxFailedPercent'],
])('%j is refused', async (Limits, pointer) => {
  const { status, body } = await post(stack, '/jobs', {
    Operation: { S3DeleteObjectTagging: {} },
    Objects: [{ Bucket: 'data', Key: 'object-1' }],
    Limits,
  });
  expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
});
