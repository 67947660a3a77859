import {
  CreateJobCommand,
  type CreateJobRequest,
  DescribeJobCommand,
  UpdateJobStatusCommand,
} from '@aws-sdk/client-s3-control';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { virtualClock } from '../../../local/core/clock.ts';
import { createRandom } from '../../../local/core/random.ts';
import { createBatchFaults } from '../../../local/faults/batch-faults.ts';
import { createFaults, type Faults } from '../../../local/faults/faults.ts';
import {
  AccountId,
  answerFor,
  type BatchStack,
  functionThat,
  keysOf,
  reportOf,
  rowsOf,
  startBatch,
  tagsOf,
} from '../../support/batch.ts';
import { START_MS } from '../../support/s3.ts';

let faults: Faults;
let stack: BatchStack;
beforeEach(async () => {
  const clock = virtualClock(START_MS);
  faults = createFaults({ clock, random: createRandom('faults') });
  const lambda = functionThat((event) => answerFor(event, 'Succeeded', 'fine'));
  stack = await startBatch({ clock, lambda, faults: createBatchFaults(faults) });
});

const keys = ['a/1', 'a/2', 'b/1', 'b/2', 'b/3'];
const jobOver = async (names: readonly string[], overrides?: Partial<CreateJobRequest>) => {
  for (const key of names) await stack.put('data', key, 'text');
  return stack.request(rowsOf(names), overrides);
};
const progress = (succeeded: number, failed: number) => ({
  ProgressSummary: { NumberOfTasksSucceeded: succeeded, NumberOfTasksFailed: failed },
});
/** Created through the SDK's client. */
const create = async (request: CreateJobRequest) => {
  const { JobId = '' } = await stack.control.send(new CreateJobCommand(request));
  return JobId;
};

describe('a task', () => {
  test('fails with the error of the fault, and leaves the object unchanged', async () => {
    faults.set([
      {
        service: 'batch',
        action: 'S3PutObjectTagging',
        match: { bucket: 'data', key: 'a/*' },
        effect: { type: 'error', code: 'AccessDenied', status: 403, message: 'Access Denied' },
      },
    ]);
    const job = await stack.run(await jobOver(keys));
    expect(job).toMatchObject({ Status: 'Complete', ...progress(3, 2) });
    const { rows } = await reportOf(stack.s3, job.JobId ?? '');
    expect(rows.failed).toEqual([
      'data,a%2F1,,failed,403,AccessDenied,Access Denied',
      'data,a%2F2,,failed,403,AccessDenied,Access Denied',
    ]);
    expect(await tagsOf(stack.s3, 'a/1')).toEqual({});
    expect(await tagsOf(stack.s3, 'b/1')).toEqual({ team: 'media' });
  });

  test('can fail after its work was done', async () => {
    faults.set([{ service: 'batch', times: 1, effect: { type: 'error', afterWork: true } }]);
    const job = await stack.run(await jobOver(keys));
    expect(job).toMatchObject(progress(4, 1));
    expect(await tagsOf(stack.s3, 'a/1')).toEqual({ team: 'media' });
  });

  test('of a function fails with the same faults, before or after the invocation', async () => {
    faults.set([
      { service: 'batch', action: 'LambdaInvoke', match: { key: 'a/1' }, effect: { type: 'throttle' } },
      { service: 'batch', match: { key: 'a/2' }, effect: { type: 'error', afterWork: true } },
    ]);
    const Operation = { LambdaInvoke: { FunctionArn: 'worker' } };
    const job = await stack.run(await jobOver(keys, { Operation }));
    const { rows } = await reportOf(stack.s3, job.JobId ?? '');
    expect(rows.failed.toSorted()).toEqual([
      'data,a%2F1,,failed,503,SlowDown,Please reduce your request rate',
      'data,a%2F2,,failed,500,InternalError,We encountered an internal error. Please try again',
    ]);
  });

  test('is delayed by a delay fault', async () => {
    faults.set([{ service: 'batch', match: { key: 'b/3' }, effect: { type: 'delay', seconds: 90 } }]);
    const JobId = await create(await jobOver(keys));
    await stack.clock.advance(89_000);
    expect(stack.describe(JobId)).toMatchObject({ Status: 'Active', ...progress(4, 0) });
    await stack.clock.advance(1_000);
    expect(stack.describe(JobId)).toMatchObject({ Status: 'Complete', ...progress(5, 0) });
    expect(await tagsOf(stack.s3, 'b/3')).toEqual({ team: 'media' });
  });

  test('that is delayed does not delay the end of the process, and runs at the next start', async () => {
    faults.set([{ service: 'batch', match: { key: 'b/3' }, effect: { type: 'delay', seconds: 3600 } }]);
    const JobId = await create(await jobOver(keys));
    await stack.clock.advance(1_000);
    await stack.batch.stop();
    const { database, clock } = stack;
    stack = await startBatch({ database, clock });
    await clock.advance(1_000);
    expect(stack.describe(JobId)).toMatchObject({ Status: 'Complete', ...progress(5, 0) });
  });

  test('fails by faults that are set while its job runs', async () => {
    await stack.batch.stop();
    const { database, clock } = stack;
    stack = await startBatch({ database, clock, pace: 10, faults: createBatchFaults(faults) });
    const JobId = await create(await jobOver(keysOf(30)));
    await stack.clock.advance(1_000);
    faults.set([{ service: 'batch', effect: { type: 'error' } }]);
    await stack.clock.advance(10_000);
    const { NumberOfTasksSucceeded: succeeded = 0, NumberOfTasksFailed: failed = 0 } =
      stack.describe(JobId).ProgressSummary ?? {};
    expect(succeeded).toBeGreaterThanOrEqual(10);
    expect(failed).toBeGreaterThanOrEqual(10);
    expect(succeeded + failed).toBe(30);
  });
});

describe('a job', () => {
  const failJob = {
    type: 'failJob',
    failureCode: 'RoleGone',
    failureReason: 'Cannot assume the role',
  } as const;
  const FailureReasons = [{ FailureCode: 'RoleGone', FailureReason: 'Cannot assume the role' }];

  test('fails in its preparation with the given reason; the next job completes', async () => {
    faults.set([{ service: 'batch', times: 1, effect: failJob }]);
    const first = await stack.run(await jobOver(keys));
    expect(first).toMatchObject({ Status: 'Failed', FailureReasons, ...progress(0, 0) });
    expect(stack.log).toEqual(expect.arrayContaining([`job ${first.JobId}: Preparing -> Failing`]));
    expect(await stack.run(await jobOver(keys))).toMatchObject({ Status: 'Complete' });
  });

  test('fails when afterTasks tasks have been started, and reports those tasks', async () => {
    faults.set([{ service: 'batch', effect: { ...failJob, afterTasks: 3 } }]);
    const job = await stack.run(await jobOver(keys));
    expect(job).toMatchObject({ Status: 'Failed', FailureReasons, ...progress(3, 0) });
    expect((await reportOf(stack.s3, job.JobId ?? '')).rows.succeeded).toHaveLength(3);
    expect(await tagsOf(stack.s3, 'b/2')).toEqual({});
  });

  test('completes when it has fewer tasks than afterTasks', async () => {
    faults.set([{ service: 'batch', effect: { ...failJob, afterTasks: 6 } }]);
    expect(await stack.run(await jobOver(keys))).toMatchObject({ Status: 'Complete' });
  });

  test('that a fault names fails in any status; no other job fails', async () => {
    const waiting = await create(await jobOver(keys, { ConfirmationRequired: true }));
    const other = await create(await jobOver(keys, { ConfirmationRequired: true }));
    await stack.clock.advance(1_000);
    faults.set([{ service: 'batch', match: { jobId: waiting }, effect: failJob }]);
    await stack.clock.advance(1_000);
    expect(stack.describe(waiting)).toMatchObject({ Status: 'Failed', FailureReasons });
    expect(stack.describe(other)).toMatchObject({ Status: 'Suspended' });
  });

  test('that a fault names before its preparation fails in its preparation', async () => {
    const JobId = await create(await jobOver(keys));
    faults.set([{ service: 'batch', match: { jobId: JobId }, effect: failJob }]);
    await stack.clock.advance(1_000);
    expect(stack.describe(JobId)).toMatchObject({ Status: 'Failed', FailureReasons });
  });

  test('that is already running is not counted by a fault without a job id', async () => {
    const JobId = await create(await jobOver(keys, { ConfirmationRequired: true }));
    await stack.clock.advance(1_000);
    faults.set([{ service: 'batch', times: 1, effect: failJob }]);
    const update = { AccountId, JobId, RequestedJobStatus: 'Ready' } as const;
    await stack.control.send(new UpdateJobStatusCommand(update));
    await stack.clock.advance(1_000);
    expect(stack.describe(JobId)).toMatchObject({ Status: 'Complete' });
  });

  test('is suspended by a fault, and runs after its confirmation', async () => {
    faults.set([{ service: 'batch', action: 'S3PutObjectTagging', effect: { type: 'suspendJob' } }]);
    const JobId = await create(await jobOver(keys));
    await stack.clock.advance(1_000);
    const { Job } = await stack.control.send(new DescribeJobCommand({ AccountId, JobId }));
    expect(Job).toMatchObject({ Status: 'Suspended', ConfirmationRequired: false });
    expect(Job?.ProgressSummary?.TotalNumberOfTasks).toBe(5);
    const update = { AccountId, JobId, RequestedJobStatus: 'Ready' } as const;
    await stack.control.send(new UpdateJobStatusCommand(update));
    await stack.clock.advance(1_000);
    expect(stack.describe(JobId)).toMatchObject({ Status: 'Complete', ...progress(5, 0) });
  });

  test('counts as one match for after, every and share', async () => {
    faults.set([{ service: 'batch', after: 1, every: 2, effect: failJob }]);
    const statuses: (string | undefined)[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await stack.run(await jobOver(keys))).Status);
    expect(statuses).toEqual(['Complete', 'Complete', 'Failed', 'Complete', 'Failed']);
  });
});
