import type { CreateJobRequest, JobStatus } from '@aws-sdk/client-s3-control';
import { describe, expect, test } from '@jest/globals';
import {
  AccountId,
  answerFor,
  type BatchStack,
  DAY_MS,
  functionThat,
  keysIn,
  keysOf,
  rowsOf,
  startBatch,
} from '../../support/batch.ts';

const statusesOf = (log: string[], jobId: string): string[] =>
  log
    .filter((line) => line.startsWith(`job ${jobId}: `) && line.includes(' -> '))
    .map((line) => line.split(' -> ')[1] ?? '');

const lambdaJob = { LambdaInvoke: { FunctionArn: 'f' } };
const succeeding = functionThat((event) => answerFor(event, 'Succeeded'));
const update = (stack: BatchStack, JobId: string, RequestedJobStatus: 'Ready' | 'Cancelled') =>
  stack.batch.updateJobStatus({ AccountId, JobId, RequestedJobStatus }).Status;

describe('the statuses that a job goes through', () => {
  test('to Complete', async () => {
    const stack = await startBatch({ lambda: succeeding });
    const { JobId = '' } = await stack.run(await stack.request(rowsOf(['a']), { Operation: lambdaJob }));
    expect(statusesOf(stack.log, JobId)).toEqual(['Preparing', 'Ready', 'Active', 'Completing', 'Complete']);
  });

  test('by way of Suspended when it requires a confirmation', async () => {
    const stack = await startBatch({ lambda: succeeding });
    const request = await stack.request(rowsOf(['a']), { Operation: lambdaJob, ConfirmationRequired: true });
    const { JobId = '' } = await stack.run(request);
    expect(update(stack, JobId, 'Ready')).toBe('Ready');
    await stack.clock.advance(1);
    expect(statusesOf(stack.log, JobId)).toEqual([
      'Preparing',
      'Suspended',
      'Ready',
      'Active',
      'Completing',
      'Complete',
    ]);
  });

  test('to Failed when it is not confirmed within 30 days', async () => {
    const stack = await startBatch();
    const request = await stack.request(rowsOf(['a']), { ConfirmationRequired: true });
    const { JobId = '' } = await stack.run(request, 30 * DAY_MS - 1);
    expect(stack.describe(JobId).Status).toBe('Suspended');
    await stack.clock.advance(1);
    expect(stack.describe(JobId)).toMatchObject({
      Status: 'Failed',
      FailureReasons: [{ FailureReason: 'The job was not confirmed within 30 days' }],
    });
    expect(statusesOf(stack.log, JobId)).toEqual(['Preparing', 'Suspended', 'Failing', 'Failed']);
    expect(await keysIn(stack.s3, 'reports')).toEqual([]);
  });

  test('to Cancelled, from the middle of its tasks, with a report of those that ran', async () => {
    const stack = await startBatch({ lambda: succeeding, pace: 10 });
    const request = await stack.request(rowsOf(keysOf(100)), { Operation: lambdaJob });
    const { JobId = '', Status } = await stack.run(request, 3000);
    expect(Status).toBe('Active');
    expect(update(stack, JobId, 'Cancelled')).toBe('Cancelling');
    await stack.clock.advance(1);
    const job = stack.describe(JobId);
    expect(job).toMatchObject({ Status: 'Cancelled', TerminationDate: expect.any(Date) });
    expect(job.ProgressSummary?.NumberOfTasksSucceeded).toBeGreaterThan(25);
    expect(job.ProgressSummary?.NumberOfTasksSucceeded).toBeLessThan(35);
    expect(statusesOf(stack.log, JobId).slice(-3)).toEqual(['Active', 'Cancelling', 'Cancelled']);
    expect(await keysIn(stack.s3, 'reports')).toContain(`made/job-${JobId}/manifest.json`);
  });

  test('to Cancelled, from before its first task, without a report', async () => {
    const stack = await startBatch();
    const { JobId = '' } = stack.batch.createJob(await stack.request(rowsOf(['a'])));
    expect(update(stack, JobId, 'Cancelled')).toBe('Cancelling');
    await stack.clock.advance(1);
    expect(stack.describe(JobId).Status).toBe('Cancelled');
    expect(await keysIn(stack.s3, 'reports')).toEqual([]);
  });

  test('to Cancelled after its tasks in progress have completed', async () => {
    const waiting: (() => void)[] = [];
    const lambda = functionThat(async (event) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return answerFor(event, 'Succeeded');
    });
    const stack = await startBatch({ lambda, concurrency: 2 });
    const request = await stack.request(rowsOf(keysOf(10)), { Operation: lambdaJob });
    const { JobId = '' } = await stack.run(request);
    expect(update(stack, JobId, 'Cancelled')).toBe('Cancelling');
    await stack.clock.advance(1);
    expect(stack.describe(JobId).Status).toBe('Cancelling');
    for (const resolve of waiting) resolve();
    await stack.clock.advance(1);
    expect(stack.describe(JobId)).toMatchObject({
      Status: 'Cancelled',
      ProgressSummary: { NumberOfTasksSucceeded: 2, NumberOfTasksFailed: 0 },
    });
  });
});

describe('an invalid manifest fails the job in Preparing', () => {
  const failing = async (stack: BatchStack, request: CreateJobRequest) => {
    const job = await stack.run(request);
    expect(job).toMatchObject({
      Status: 'Failed',
      ProgressSummary: { TotalNumberOfTasks: 0, NumberOfTasksSucceeded: 0, NumberOfTasksFailed: 0 },
      TerminationDate: expect.any(Date),
    });
    expect(statusesOf(stack.log, job.JobId ?? '')).toEqual(['Preparing', 'Failing', 'Failed']);
    expect(await keysIn(stack.s3, 'reports')).toEqual([]);
    return job.FailureReasons;
  };
  const invalid = (FailureReason: string) => [{ FailureCode: 'InvalidManifestContent', FailureReason }];

  test('when it is empty or has invalid rows', async () => {
    const stack = await startBatch();
    expect(await failing(stack, await stack.request(''))).toEqual(
      invalid('Manifest file is not properly formatted'),
    );
    expect(await failing(stack, await stack.request(`${rowsOf(['a'])}data\n`))).toEqual(
      invalid('Invalid Manifest Content'),
    );
  });

  test('when it lacks a required column', async () => {
    const stack = await startBatch();
    const request = await stack.request(rowsOf(['a']));
    const Spec = { Format: 'S3BatchOperations_CSV_20180820' as const, Fields: ['Bucket' as const] };
    expect(await failing(stack, { ...request, Manifest: { ...request.Manifest, Spec } as never })).toEqual(
      invalid('Required fields are missing in the schema: Key'),
    );
  });

  test('when its ETag differs or the object is missing', async () => {
    const stack = await startBatch();
    const request = await stack.request(rowsOf(['a']));
    const at = (Location: object) => ({
      ...request,
      ClientRequestToken: JSON.stringify(Location).slice(-60),
      Manifest: { ...request.Manifest, Location: { ...request.Manifest?.Location, ...Location } } as never,
    });
    const changed = await failing(stack, at({ ETag: '0'.repeat(32) }));
    expect(changed).toMatchObject([{ FailureReason: expect.stringContaining('ETag') }]);
    const missing = await failing(stack, at({ ObjectArn: 'arn:aws:s3:::manifests/none.csv' }));
    expect(missing).toMatchObject([{ FailureCode: 'ManifestReadFailed' }]);
    const bucket = await failing(stack, at({ ObjectArn: 'arn:aws:s3:::no-such-bucket/none.csv' }));
    expect(bucket).toMatchObject([{ FailureCode: 'ManifestReadFailed' }]);
    expect(await failing(stack, at({ ETag: 'not an etag' }))).toEqual(invalid('ETag format is invalid'));
  });

  test('when a bucket has another owner than expected', async () => {
    const stack = await startBatch();
    const request = await stack.request(rowsOf(['a']));
    const Report = { ...request.Report, ExpectedBucketOwner: '123456789012' } as never;
    expect(await failing(stack, { ...request, Report })).toMatchObject([
      { FailureReason: expect.stringContaining('123456789012') },
    ]);
  });

  test('but not when its ETag is in quotes', async () => {
    const stack = await startBatch();
    const request = await stack.request(rowsOf(['a']));
    const { Location } = request.Manifest ?? {};
    const Manifest = { ...request.Manifest, Location: { ...Location, ETag: `"${Location?.ETag}"` } } as never;
    expect(await stack.run({ ...request, Manifest })).toMatchObject({ Status: 'Complete' });
  });
});

describe('failed tasks', () => {
  const failingFrom = (first: number) =>
    functionThat((event) => {
      const number = Number(event.tasks[0]?.s3Key.slice(4));
      return answerFor(event, number < first ? 'Succeeded' : 'PermanentFailure');
    });
  const run = async (tasks: number, first: number) => {
    const stack = await startBatch({ lambda: failingFrom(first), concurrency: 1 });
    return stack.run(await stack.request(rowsOf(keysOf(tasks)), { Operation: lambdaJob }));
  };

  test('do not fail a job of fewer than 1,000 tasks, even when all failed', async () => {
    expect(await run(999, 0)).toMatchObject({
      Status: 'Complete',
      ProgressSummary: { NumberOfTasksSucceeded: 0, NumberOfTasksFailed: 999 },
    });
  });

  test('fail the job at the 1,000th task when more than half failed', async () => {
    expect(await run(1100, 0)).toMatchObject({
      Status: 'Failed',
      FailureReasons: [{ FailureCode: 'TaskFailureThresholdExceeded' }],
      ProgressSummary: { TotalNumberOfTasks: 1100, NumberOfTasksSucceeded: 0, NumberOfTasksFailed: 1000 },
    });
  });

  test('fail the job at the first task that makes them more than half', async () => {
    expect(await run(1500, 600)).toMatchObject({
      Status: 'Failed',
      ProgressSummary: { NumberOfTasksSucceeded: 600, NumberOfTasksFailed: 601 },
    });
    expect(await run(1200, 600)).toMatchObject({ Status: 'Complete' });
  });
});

describe('time in Active', () => {
  test('is measured on the clock, and only in Active', async () => {
    const stack = await startBatch({ lambda: succeeding, pace: 2 });
    const request = await stack.request(rowsOf(keysOf(20)), {
      Operation: lambdaJob,
      ConfirmationRequired: true,
    });
    const { JobId = '' } = await stack.run(request, 60_000);
    const elapsed = () => stack.describe(JobId).ProgressSummary?.Timers?.ElapsedTimeInActiveSeconds;
    expect(elapsed()).toBe(0);
    update(stack, JobId, 'Ready');
    await stack.clock.advance(4500);
    expect(elapsed()).toBe(4);
    await stack.clock.advance(60_000);
    expect(stack.describe(JobId).Status).toBe('Complete');
    expect(elapsed()).toBe(10);
  });

  test('a job of three virtual days completes at once', async () => {
    const stack = await startBatch({ lambda: succeeding, pace: 100 / (3 * 24 * 60 * 60) });
    const request = await stack.request(rowsOf(keysOf(100)), { Operation: lambdaJob });
    const job = await stack.run(request, 3 * DAY_MS + 1000);
    expect(job).toMatchObject({
      Status: 'Complete',
      ProgressSummary: { NumberOfTasksSucceeded: 100, Timers: { ElapsedTimeInActiveSeconds: 259_200 } },
    });
  });
});

describe('priorities', () => {
  const slow = { lambda: succeeding, pace: 1 };
  const start = async (stack: BatchStack, Priority: number) => {
    const request = await stack.request(rowsOf(keysOf(10)), { Operation: lambdaJob, Priority });
    const { JobId = '' } = stack.batch.createJob(request);
    await stack.clock.advance(10);
    return JobId;
  };
  const statuses = (stack: BatchStack, jobIds: string[]): (JobStatus | undefined)[] =>
    jobIds.map((jobId) => stack.describe(jobId).Status);

  test('six jobs run at a time; the others wait in Ready', async () => {
    const stack = await startBatch(slow);
    const first: string[] = [];
    for (let index = 0; index < 6; index++) first.push(await start(stack, 10));
    const [seventh, eighth] = [await start(stack, 10), await start(stack, 10)];
    expect(statuses(stack, first)).toEqual(Array(6).fill('Active'));
    expect(statuses(stack, [seventh, eighth])).toEqual(['Ready', 'Ready']);
    stack.batch.updateJobPriority({ AccountId, JobId: eighth, Priority: 10 });
    update(stack, first[0] ?? '', 'Cancelled');
    await stack.clock.advance(10);
    expect(statuses(stack, [seventh, eighth])).toEqual(['Active', 'Ready']);
    await stack.clock.advance(30_000);
    expect(statuses(stack, [...first.slice(1), seventh, eighth])).toEqual(Array(7).fill('Complete'));
  });

  test('a job of higher priority pauses the job of the lowest priority, which resumes later and runs each task once', async () => {
    const stack = await startBatch(slow);
    const low = await start(stack, 1);
    const others: string[] = [];
    for (let index = 0; index < 5; index++) others.push(await start(stack, 5));
    await stack.clock.advance(3000);
    const urgent = await start(stack, 9);
    expect(statuses(stack, [low, urgent, ...others])).toEqual(['Paused', ...Array(6).fill('Active')]);
    const activeAt = stack.describe(low).ProgressSummary?.Timers?.ElapsedTimeInActiveSeconds;
    await stack.clock.advance(20_000);
    expect(statuses(stack, [low, urgent, ...others])).toEqual(Array(7).fill('Complete'));
    expect(stack.describe(low).ProgressSummary).toMatchObject({ NumberOfTasksSucceeded: 10 });
    expect(activeAt).toBe(3);
    expect(statusesOf(stack.log, low)).toEqual([
      'Preparing',
      'Ready',
      'Active',
      'Pausing',
      'Paused',
      'Active',
      'Completing',
      'Complete',
    ]);
  });

  test('a waiting job with a raised priority runs first', async () => {
    const stack = await startBatch(slow);
    for (let index = 0; index < 6; index++) await start(stack, 5);
    const waiting = await start(stack, 5);
    expect(statuses(stack, [waiting])).toEqual(['Ready']);
    stack.batch.updateJobPriority({ AccountId, JobId: waiting, Priority: 6 });
    await stack.clock.advance(10);
    expect(statuses(stack, [waiting])).toEqual(['Active']);
  });
});
