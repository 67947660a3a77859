import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { beforeAll, expect, test } from '@jest/globals';
import type { Notice } from '../functions/core/generated/notice.mjs';
import { nextIdOf } from '../functions/domain/request/job-request-id.ts';
import { post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';

const OBJECTS = 5000;
/** Objects that nobody restores, and objects that are deleted before the checks. */
const NEVER = 20;
const GONE = 10;
const RESTORED = OBJECTS - NEVER - GONE;
/** A standard restore takes up to 5 hours: the fourth check comes after it. */
const AFTER_SECONDS = 100 * 60;

let stack: SimulatedStack;
beforeAll(async () => {
  stack = await simulateStack({ tasksPerSecond: 1000 });
  for (const Bucket of ['data', 'copies']) await stack.s3.send(new CreateBucketCommand({ Bucket }));
  for (const { Key } of objects(0, OBJECTS))
    await stack.s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body: 'x', StorageClass: 'GLACIER' }));
}, 60_000);

const objects = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ Bucket: 'data', Key: `backup/${from + i}` }));

async function submit(body: object): Promise<string> {
  const answer = await post(stack, '/jobs', body);
  expect([answer.status, answer.body.errors]).toEqual([202, undefined]);
  return answer.body.jobRequestId;
}
const finalNotice = (id: string): Notice =>
  stack.notices.map(({ Message }) => JSON.parse(Message)).find(({ noticeId }) => noticeId === `${id}:final`);

test('objects are restored, checked until they can be read, and copied', async () => {
  const restore = await submit({
    Operation: { S3InitiateRestoreObject: { ExpirationInDays: 3, GlacierJobTier: 'STANDARD' } },
    Objects: objects(0, OBJECTS - NEVER),
  });
  expect((await stack.ended(restore)).outcome).toBe('Succeeded');
  for (const { Key } of objects(0, GONE))
    await stack.s3.send(new DeleteObjectCommand({ Bucket: 'data', Key }));

  let check = await submit({
    Operation: { LambdaInvoke: { UserArguments: { action: 'check-restored', wait: true } } },
    Objects: objects(0, OBJECTS),
    Retry: { Times: 4, AfterSeconds: AFTER_SECONDS, Results: ['waiting'] },
  });
  const totals: (number | undefined)[] = [];
  const checks: string[] = [];
  for (let record = await stack.ended(check); ; record = await stack.ended(check)) {
    totals.push(record.job?.ProgressSummary?.TotalNumberOfTasks);
    checks.push(check);
    if (record.retry?.state !== 'started') break;
    expect(record.retry.jobRequestId).toBe(nextIdOf(check));
    check = nextIdOf(check);
  }
  // Three checks find nothing that can be read, the fourth finds all but those that nobody restores.
  expect(totals).toEqual([OBJECTS, OBJECTS - GONE, OBJECTS - GONE, OBJECTS - GONE, NEVER]);
  expect(finalNotice(check)).toMatchObject({
    outcome: 'Succeeded',
    totals: { jobs: 5, total: OBJECTS, succeeded: OBJECTS - GONE, failed: GONE, left: 0 },
  });

  const copy = await submit({
    Operation: { S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::copies' } },
    RowsOf: { JobRequestId: checks[3], Rows: 'Succeeded', Results: ['{*'] },
  });
  expect(await stack.ended(copy)).toMatchObject({
    outcome: 'Succeeded',
    job: { ProgressSummary: { TotalNumberOfTasks: RESTORED, NumberOfTasksFailed: 0 } },
  });
  let copies = 0;
  for (let token: string | undefined, more = true; more; more = token !== undefined) {
    const page = await stack.s3.send(
      new ListObjectsV2Command({ Bucket: 'copies', ...(token && { ContinuationToken: token }) }),
    );
    copies += page.KeyCount ?? 0;
    token = page.NextContinuationToken;
  }
  expect(copies).toBe(RESTORED);
}, 300_000);
