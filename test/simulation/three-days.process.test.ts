import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { post, type SimulatedStack, simulateStack } from '../support/simulated-stack.ts';

const DAY_MS = 86_400_000;
const OBJECTS = 260;

let stack: SimulatedStack;
beforeAll(async () => {
  // One task in 1,000 seconds: 260 objects are three days.
  const keys = Array.from({ length: OBJECTS }, (_, i) => `object-${i}`);
  stack = await simulateStack({ tasksPerSecond: 0.001, keys });
});

test('a job of three days runs through the shipped state machine and handlers', async () => {
  const { status, body } = await post(stack, '/jobs', {
    Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'slow', Value: 'yes' }] } },
    Objects: Array.from({ length: OBJECTS }, (_, i) => ({ Bucket: 'data', Key: `object-${i}` })),
  });
  expect(status).toBe(202);

  const record = await stack.ended(body.jobRequestId);

  expect(record).toMatchObject({ outcome: 'Succeeded', job: { Status: 'Complete' } });
  const jobMs = Date.parse(record.job?.TerminationDate ?? '') - Date.parse(record.job?.CreationTime ?? '');
  const noticedLateMs = Date.parse(record.noticedAt) - Date.parse(record.job?.TerminationDate ?? '');
  expect(jobMs).toBeGreaterThan(2.99 * DAY_MS);
  expect(noticedLateMs).toBeLessThanOrEqual(1_800_000);

  const history = await stack.history(body.jobRequestId);
  const polls = history.filter((event) => event.stateEnteredEventDetails?.name === 'DescribeJob').length;
  expect(polls).toBeLessThan(460);
  // Wait 2, Task 5, Choice 2 for each poll; the rest is the start, the report and the notice.
  expect(history.length).toBeLessThan(9 * polls + 30);
  expect(stack.notices).toHaveLength(1);
  expect(await stack.jobs()).toHaveLength(1);
});

test('the notice fits its schema and a mail inbox', () => {
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../schemas/notice.schema.json'), 'utf8'),
  );
  const [published] = stack.notices;
  const notice = JSON.parse(published?.Message ?? '');
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  expect(validate(notice) ? [] : validate.errors).toEqual([]);
  expect(published?.Subject).toBe('S3PutObjectTagging: all 260 objects completed');
  expect(notice).toMatchObject({
    kind: 'final',
    outcome: 'Succeeded',
    summary: 'The job is complete: all 260 objects completed.',
    counts: { total: 260, succeeded: 260, failed: 0 },
  });
  expect(published?.MessageAttributes?.['outcome']).toEqual({ Type: 'String', Value: 'Succeeded' });
});
