import {
  CreateJobCommand,
  type CreateJobCommandInput,
  DeleteJobTaggingCommand,
  DescribeJobCommand,
  GetJobTaggingCommand,
  IdempotencyException,
  InvalidNextTokenException,
  InvalidRequestException,
  JobStatusException,
  ListJobsCommand,
  PutJobTaggingCommand,
  paginateListJobs,
  TooManyTagsException,
  UpdateJobPriorityCommand,
  UpdateJobStatusCommand,
} from '@aws-sdk/client-s3-control';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { AccountId, type BatchStack, keysOf, rowsOf, startBatch, TAGGING } from '../../../support/batch.ts';
import { START_MS } from '../../../support/s3.ts';

let stack: BatchStack;
beforeEach(async () => {
  stack = await startBatch();
  for (const key of keysOf(3)) await stack.put('data', key, 'x');
});

const request = async (overrides: Partial<CreateJobCommandInput> = {}) =>
  (await stack.request(rowsOf(keysOf(3)), overrides)) as CreateJobCommandInput;

const create = async (overrides: Partial<CreateJobCommandInput> = {}) => {
  const { JobId = '' } = await stack.control.send(new CreateJobCommand(await request(overrides)));
  return JobId;
};

const describeJob = async (JobId: string) =>
  (await stack.control.send(new DescribeJobCommand({ AccountId, JobId }))).Job;

describe('CreateJob', () => {
  test('a job runs to Complete, and DescribeJob answers it as requested', async () => {
    const input = await request({ Description: 'zażółć <&> "all"', Tags: [{ Key: 'a', Value: '' }] });
    const { JobId = '' } = await stack.control.send(new CreateJobCommand(input));
    expect(JobId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await describeJob(JobId)).toMatchObject({ Status: 'New' });
    await stack.clock.advance(1);
    expect(await describeJob(JobId)).toEqual({
      JobId,
      JobArn: `arn:aws:s3:us-east-1:000000000000:job/${JobId}`,
      ConfirmationRequired: false,
      Description: 'zażółć <&> "all"',
      Status: 'Complete',
      Manifest: input.Manifest,
      Operation: TAGGING,
      Priority: 10,
      ProgressSummary: {
        TotalNumberOfTasks: 3,
        NumberOfTasksSucceeded: 3,
        NumberOfTasksFailed: 0,
        Timers: { ElapsedTimeInActiveSeconds: 0 },
      },
      FailureReasons: [],
      Report: input.Report,
      CreationTime: new Date(START_MS),
      TerminationDate: new Date(START_MS),
      RoleArn: input.RoleArn,
    });
  });

  test('the same request with the same token makes one job, also after the job ended', async () => {
    const input = await request({ ClientRequestToken: 'once' });
    const first = await stack.control.send(new CreateJobCommand(input));
    const second = await stack.control.send(new CreateJobCommand(input));
    await stack.clock.advance(1);
    const third = await stack.control.send(new CreateJobCommand({ ...input }));
    expect([second.JobId, third.JobId]).toEqual([first.JobId, first.JobId]);
    expect((await stack.control.send(new ListJobsCommand({ AccountId }))).Jobs).toHaveLength(1);
  });

  test('a token used with another request is an IdempotencyException', async () => {
    const input = await request({ ClientRequestToken: 'once' });
    await stack.control.send(new CreateJobCommand(input));
    const other = stack.control.send(new CreateJobCommand({ ...input, Priority: 11 }));
    await expect(other).rejects.toBeInstanceOf(IdempotencyException);
    await expect(other).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  });

  test('a copy to a directory bucket is refused as not implemented', async () => {
    const TargetResource = 'arn:aws:s3express:us-east-1:000000000000:bucket/copies--use1-az4--x-s3';
    const job = create({ Operation: { S3PutObjectCopy: { TargetResource } } });
    await expect(job).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('Operation.S3PutObjectCopy.TargetResource: a directory bucket'),
      $metadata: { httpStatusCode: 501 },
    });
  });

  test('a request that does not fit the model says which member', async () => {
    const job = create({ Priority: undefined });
    await expect(job).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringContaining('Priority'),
      $metadata: { httpStatusCode: 400 },
    });
    await expect(create({ RoleArn: undefined })).rejects.toMatchObject({ message: 'Missing role arn' });
  });
});

describe('ListJobs', () => {
  test('lists jobs newest first, with the name of the operation and no timers', async () => {
    const first = await create({ Description: 'first' });
    await stack.clock.advance(10);
    const second = await create({ Operation: { S3DeleteObjectTagging: {} }, ConfirmationRequired: true });
    await stack.clock.advance(10);
    const { Jobs, NextToken } = await stack.control.send(new ListJobsCommand({ AccountId }));
    expect(NextToken).toBeUndefined();
    expect(Jobs).toEqual([
      {
        JobId: second,
        Operation: 'S3DeleteObjectTagging',
        Priority: 10,
        Status: 'Suspended',
        CreationTime: new Date(START_MS + 10),
        ProgressSummary: { TotalNumberOfTasks: 3, NumberOfTasksSucceeded: 0, NumberOfTasksFailed: 0 },
      },
      {
        JobId: first,
        Description: 'first',
        Operation: 'S3PutObjectTagging',
        Priority: 10,
        Status: 'Complete',
        CreationTime: new Date(START_MS),
        TerminationDate: new Date(START_MS),
        ProgressSummary: { TotalNumberOfTasks: 3, NumberOfTasksSucceeded: 3, NumberOfTasksFailed: 0 },
      },
    ]);
  });

  test('pages have every job once, also when jobs are added meanwhile and many have the same age', async () => {
    const jobIds = [];
    for (let index = 0; index < 5; index++) jobIds.push(await create());
    const listed: (string | undefined)[] = [];
    const pages = paginateListJobs({ client: stack.control, pageSize: 2 }, { AccountId });
    for await (const { Jobs = [] } of pages) {
      expect(Jobs.length).toBeLessThanOrEqual(2);
      listed.push(...Jobs.map(({ JobId }) => JobId));
      await stack.clock.advance(1);
      await create();
    }
    expect(listed).toEqual(jobIds.toSorted());
  });

  test('filters by any number of statuses', async () => {
    const suspended = await create({ ConfirmationRequired: true });
    const complete = await create();
    await stack.clock.advance(1);
    const list = async (...JobStatuses: ('Suspended' | 'Complete' | 'Failed')[]) => {
      const { Jobs = [] } = await stack.control.send(new ListJobsCommand({ AccountId, JobStatuses }));
      return Jobs.map(({ JobId }) => JobId).toSorted();
    };
    expect(await list('Suspended')).toEqual([suspended]);
    expect(await list('Suspended', 'Complete')).toEqual([suspended, complete].toSorted());
    expect(await list('Failed')).toEqual([]);
  });

  test('refuses invalid tokens, statuses and sizes', async () => {
    const list = (input: object) => stack.control.send(new ListJobsCommand({ AccountId, ...input }));
    await expect(list({ NextToken: 'bogus' })).rejects.toBeInstanceOf(InvalidNextTokenException);
    await expect(list({ JobStatuses: ['Bogus'] })).rejects.toBeInstanceOf(InvalidRequestException);
    await expect(list({ MaxResults: 1001 })).rejects.toBeInstanceOf(InvalidRequestException);
    await expect(list({ MaxResults: Number.NaN })).rejects.toBeInstanceOf(InvalidRequestException);
  });
});

describe('UpdateJobStatus', () => {
  const update = (JobId: string, RequestedJobStatus: 'Ready' | 'Cancelled', StatusUpdateReason?: string) =>
    stack.control.send(
      new UpdateJobStatusCommand({ AccountId, JobId, RequestedJobStatus, StatusUpdateReason }),
    );

  test('confirms a suspended job, which then runs', async () => {
    const JobId = await create({ ConfirmationRequired: true });
    await stack.clock.advance(5);
    expect(await describeJob(JobId)).toMatchObject({
      Status: 'Suspended',
      SuspendedCause: 'AWAITING_CONFIRMATION',
      SuspendedDate: new Date(START_MS),
      ProgressSummary: { TotalNumberOfTasks: 3, NumberOfTasksSucceeded: 0 },
    });
    expect(await update(JobId, 'Ready', 'reviewed')).toMatchObject({
      JobId,
      Status: 'Ready',
      StatusUpdateReason: 'reviewed',
    });
    await stack.clock.advance(1);
    expect(await describeJob(JobId)).toMatchObject({ Status: 'Complete', StatusUpdateReason: 'reviewed' });
  });

  test('a job without ConfirmationRequired waits for confirmation', async () => {
    const JobId = await create({ ConfirmationRequired: undefined });
    await stack.clock.advance(1);
    expect(await describeJob(JobId)).toMatchObject({ Status: 'Suspended', ConfirmationRequired: true });
  });

  test('cancels a suspended job at once', async () => {
    const JobId = await create({ ConfirmationRequired: true });
    await stack.clock.advance(1);
    expect(await update(JobId, 'Cancelled')).toMatchObject({ Status: 'Cancelled' });
    expect(await describeJob(JobId)).toMatchObject({
      Status: 'Cancelled',
      TerminationDate: expect.any(Date),
    });
  });

  test('answers JobStatusException for an impossible transition', async () => {
    const JobId = await create();
    await expect(update(JobId, 'Ready')).rejects.toBeInstanceOf(JobStatusException);
    await stack.clock.advance(1);
    await expect(update(JobId, 'Ready')).rejects.toBeInstanceOf(JobStatusException);
    await expect(update(JobId, 'Cancelled')).rejects.toBeInstanceOf(JobStatusException);
  });

  test('refuses any other status', async () => {
    const JobId = await create({ ConfirmationRequired: true });
    await expect(update(JobId, 'Complete' as 'Ready')).rejects.toMatchObject({ name: 'InvalidRequest' });
  });
});

test('UpdateJobPriority changes the priority until the job has ended', async () => {
  const JobId = await create({ ConfirmationRequired: true });
  const update = (Priority: number) =>
    stack.control.send(new UpdateJobPriorityCommand({ AccountId, JobId, Priority }));
  expect(await update(98)).toMatchObject({ JobId, Priority: 98 });
  expect(await describeJob(JobId)).toMatchObject({ Priority: 98 });
  await expect(update(-1)).rejects.toMatchObject({ name: 'InvalidRequest' });
  await stack.clock.advance(1);
  await stack.control.send(new UpdateJobStatusCommand({ AccountId, JobId, RequestedJobStatus: 'Cancelled' }));
  await expect(update(5)).rejects.toMatchObject({ name: 'BadRequestException' });
});

describe('job tags', () => {
  const tags = async (JobId: string) =>
    (await stack.control.send(new GetJobTaggingCommand({ AccountId, JobId }))).Tags;

  test('come from CreateJob, and are replaced as a whole and deleted', async () => {
    const JobId = await create({ Tags: [{ Key: 'team', Value: 'media' }] });
    expect(await tags(JobId)).toEqual([{ Key: 'team', Value: 'media' }]);
    const Tags = [{ Key: 'other', Value: 'a b' }];
    await stack.control.send(new PutJobTaggingCommand({ AccountId, JobId, Tags }));
    expect(await tags(JobId)).toEqual(Tags);
    await stack.control.send(new PutJobTaggingCommand({ AccountId, JobId, Tags: [] }));
    expect(await tags(JobId)).toEqual([]);
    await stack.control.send(new DeleteJobTaggingCommand({ AccountId, JobId }));
    expect(await tags(JobId)).toEqual([]);
  });

  test('are at most 50, of different keys', async () => {
    const JobId = await create();
    const put = (keys: string[]) =>
      stack.control.send(
        new PutJobTaggingCommand({ AccountId, JobId, Tags: keys.map((Key) => ({ Key, Value: 'x' })) }),
      );
    await expect(put(keysOf(51))).rejects.toBeInstanceOf(TooManyTagsException);
    await expect(put(['a', 'a'])).rejects.toMatchObject({ name: 'InvalidRequest' });
    await expect(put(keysOf(50))).resolves.toBeDefined();
  });
});

test('every call answers NoSuchJob for a job that does not exist or is of another account', async () => {
  const JobId = await create();
  const unknown = { AccountId, JobId: 'c41f9a7e-0b3d-4e62-8f15-6d2e7a90b3c4' };
  const foreign = { AccountId: '123456789012', JobId };
  for (const job of [unknown, foreign]) {
    const calls = [
      stack.control.send(new DescribeJobCommand(job)),
      stack.control.send(new UpdateJobStatusCommand({ ...job, RequestedJobStatus: 'Cancelled' })),
      stack.control.send(new UpdateJobPriorityCommand({ ...job, Priority: 1 })),
      stack.control.send(new GetJobTaggingCommand(job)),
      stack.control.send(new PutJobTaggingCommand({ ...job, Tags: [] })),
      stack.control.send(new DeleteJobTaggingCommand(job)),
    ];
    for (const call of calls) {
      await expect(call).rejects.toMatchObject({
        name: 'NoSuchJob',
        message: 'The specified job does not exist',
        $metadata: { httpStatusCode: 404 },
      });
    }
  }
});

test('a job is deleted 90 days after its end', async () => {
  const JobId = await create();
  await stack.clock.advance(90 * 24 * 60 * 60 * 1000);
  expect(await describeJob(JobId)).toMatchObject({ Status: 'Complete' });
  await stack.clock.advance(1000);
  await expect(describeJob(JobId)).rejects.toMatchObject({ name: 'NoSuchJob' });
  expect((await stack.control.send(new ListJobsCommand({ AccountId }))).Jobs).toEqual([]);
});
