import { S3 } from '@aws-sdk/client-s3';
import {
  BadRequestException,
  IdempotencyException,
  InternalServiceException,
  InvalidNextTokenException,
  InvalidRequestException,
  type JobStatus,
  JobStatusException,
  NotFoundException,
  OperationName,
  paginateListJobs,
  S3Control,
  TooManyRequestsException,
  TooManyTagsException,
} from '@aws-sdk/client-s3-control';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Stack, startStack } from '../local/stack.ts';
import { ACCOUNT_ID as AccountId, operationCases } from './support/client-cases.ts';
import { type PreparedCase, type PreparedEffect, prepareCases } from './support/prepare-cases.ts';

const CLIENT = 'sdk';
const UNKNOWN_JOB = 'c41f9a7e-0b3d-4e62-8f15-6d2e7a90b3c4';

let stack: Stack;
let s3: S3;
let control: S3Control;
let cases: PreparedCase[];

beforeAll(async () => {
  stack = await startStack();
  s3 = new S3({ endpoint: stack.awsUrl, forcePathStyle: true });
  control = new S3Control({ endpointProvider: () => ({ url: new URL(stack.awsUrl) }), maxAttempts: 1 });
  cases = await prepareCases(s3, CLIENT);
}, 60_000); // the functions may have to be bundled first
afterAll(() => stack.stop());

const prepared = (name: string): PreparedCase => {
  const found = cases.find((each) => each.name === name);
  if (!found) throw new Error(`no case ${name}`);
  return found;
};

const create = async (changes: Partial<PreparedCase['request']> = {}, name = 'S3PutObjectTagging') => {
  const { JobId = '' } = await control.createJob({ ...prepared(name).request, ...changes });
  return JobId;
};

const describeJob = async (JobId: string) => (await control.describeJob({ AccountId, JobId })).Job ?? {};

/** The job once it has the status; a job that ended with another status is returned at once. */
const jobThatIs = async (status: JobStatus, JobId: string) => {
  for (;;) {
    const job = await describeJob(JobId);
    if (job.Status === status || job.TerminationDate) {
      expect(job).toMatchObject({ Status: status });
      return job;
    }
  }
};

const suspended = async (changes: Partial<PreparedCase['request']> = {}) => {
  const JobId = await create({ ConfirmationRequired: true, ...changes });
  await jobThatIs('Suspended', JobId);
  return JobId;
};

const read = async ({ read, of }: PreparedEffect): Promise<object> => s3[read](of);

const textOf = async (Bucket: string, Key: string) =>
  (await (await s3.getObject({ Bucket, Key })).Body?.transformToString()) ?? '';

const rowsOf = async (JobId: string) => {
  const manifest = JSON.parse(await textOf(`${CLIENT}-reports`, `reports/job-${JobId}/manifest.json`));
  const rows: string[] = [];
  for (const { Bucket, Key } of manifest.Results) rows.push(await textOf(Bucket, Key));
  return rows.join('');
};

describe('every operation that the SDK models', () => {
  test('has a case', () => {
    const named = operationCases(CLIENT).flatMap(({ operation }) => Object.keys(operation));
    expect(new Set(named)).toEqual(new Set(Object.values(OperationName)));
  });

  test.each(operationCases(CLIENT).map(({ name }) => name))(
    '%s has its effect on the object',
    async (name) => {
      const { request, effects, row } = prepared(name);
      for (const effect of effects)
        expect(await read(effect).catch(() => ({}))).not.toMatchObject(effect.answer);

      const JobId = await create({}, name);
      const job = await jobThatIs('Complete', JobId);

      expect(job).toMatchObject({
        Operation: request.Operation,
        Description: name,
        ProgressSummary: { TotalNumberOfTasks: 1, NumberOfTasksFailed: row?.startsWith('failed') ? 1 : 0 },
      });
      for (const effect of effects) expect(await read(effect)).toMatchObject(effect.answer);
      expect(await rowsOf(JobId)).toContain(row ?? 'succeeded,200,,Successful');
    },
  );
});

describe('the calls of the jobs API', () => {
  test('change, confirm and run a job that waits for confirmation', async () => {
    const JobId = await suspended({ Tags: [{ Key: 'team', Value: 'zażółć' }] });
    expect(await control.getJobTagging({ AccountId, JobId })).toMatchObject({
      Tags: [{ Key: 'team', Value: 'zażółć' }],
    });
    await control.putJobTagging({ AccountId, JobId, Tags: [{ Key: 'a/b', Value: '' }] });
    expect(await control.getJobTagging({ AccountId, JobId })).toMatchObject({
      Tags: [{ Key: 'a/b', Value: '' }],
    });
    await control.deleteJobTagging({ AccountId, JobId });
    expect(await control.getJobTagging({ AccountId, JobId })).toMatchObject({ Tags: [] });

    expect(await control.updateJobPriority({ AccountId, JobId, Priority: 2147483647 })).toMatchObject({
      JobId,
      Priority: 2147483647,
    });
    const StatusUpdateReason = 'checked <right> & "good" + fine';
    expect(
      await control.updateJobStatus({ AccountId, JobId, RequestedJobStatus: 'Ready', StatusUpdateReason }),
    ).toMatchObject({ JobId, Status: 'Ready', StatusUpdateReason });
    expect(await jobThatIs('Complete', JobId)).toMatchObject({ Priority: 2147483647, StatusUpdateReason });
  });

  test('list the jobs with a status page by page, each once', async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count++) made.push(await suspended());
    const listed: (string | undefined)[] = [];
    const pages = paginateListJobs(
      { client: control, pageSize: 2 },
      { AccountId, JobStatuses: ['Suspended'] },
    );
    for await (const { Jobs = [] } of pages) {
      expect(Jobs.length).toBeLessThanOrEqual(2);
      for (const { JobId, Status, Operation, CreationTime } of Jobs) {
        expect({ Status, Operation, CreationTime }).toEqual({
          Status: 'Suspended',
          Operation: 'S3PutObjectTagging',
          CreationTime: expect.any(Date),
        });
        listed.push(JobId);
      }
    }
    expect(listed.toSorted()).toEqual(made.toSorted());

    for (const JobId of made)
      expect(
        await control.updateJobStatus({ AccountId, JobId, RequestedJobStatus: 'Cancelled' }),
      ).toMatchObject({ Status: 'Cancelled' });
    const { Jobs } = await control.listJobs({ AccountId, JobStatuses: ['Suspended', 'Failed'] });
    expect(Jobs).toEqual([]);
  });

  test('make one job of two requests with the same token', async () => {
    const ClientRequestToken = 'sent twice';
    expect(await create({ ClientRequestToken })).toBe(await create({ ClientRequestToken }));
  });
});

describe('an exception of the model arrives as its class:', () => {
  const cancel = (JobId: string) =>
    control.updateJobStatus({ AccountId, JobId, RequestedJobStatus: 'Cancelled' });
  const cancelled = async () => {
    const JobId = await suspended();
    await cancel(JobId);
    return JobId;
  };

  test.each<{ exception: { name: string }; call: () => Promise<unknown> }>([
    {
      exception: IdempotencyException,
      async call() {
        await create({ ClientRequestToken: 'reused' });
        return create({ ClientRequestToken: 'reused', Priority: 11 });
      },
    },
    { exception: JobStatusException, call: async () => cancel(await cancelled()) },
    {
      exception: BadRequestException,
      call: async () => control.updateJobPriority({ AccountId, JobId: await cancelled(), Priority: 1 }),
    },
    {
      exception: TooManyTagsException,
      async call() {
        const Tags = Array.from({ length: 51 }, (_, n) => ({ Key: `key-${n}`, Value: '' }));
        return control.putJobTagging({ AccountId, JobId: await create(), Tags });
      },
    },
    {
      exception: InvalidNextTokenException,
      call: () => control.listJobs({ AccountId, NextToken: 'bogus' }),
    },
    {
      exception: InvalidRequestException,
      call: () => control.listJobs({ AccountId, JobStatuses: ['Bogus' as JobStatus] }),
    },
  ])('$exception.name', async ({ exception, call }) => {
    const refused = call();
    await expect(refused).rejects.toBeInstanceOf(exception);
    await expect(refused).rejects.toMatchObject({
      name: exception.name,
      message: expect.stringMatching(/\S/),
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/\S/) },
    });
  });

  afterEach(() => stack.faults.clear());

  test.each([
    { exception: TooManyRequestsException, status: 400 },
    { exception: InternalServiceException, status: 500 },
    { exception: NotFoundException, status: 400 },
  ])('$exception.name, made by a fault', async ({ exception, status }) => {
    stack.faults.set([
      { service: 's3control', effect: { type: 'error', code: exception.name, status, message: 'because' } },
    ]);
    const refused = control.describeJob({ AccountId, JobId: UNKNOWN_JOB });
    await expect(refused).rejects.toBeInstanceOf(exception);
    await expect(refused).rejects.toMatchObject({
      message: 'because',
      $metadata: { httpStatusCode: status },
    });
  });
});

test('a job that does not exist is NoSuchJob, which is not in the model', async () => {
  await expect(control.describeJob({ AccountId, JobId: UNKNOWN_JOB })).rejects.toMatchObject({
    name: 'NoSuchJob',
    message: 'The specified job does not exist',
    $metadata: { httpStatusCode: 404 },
  });
});

test('another action of S3 Control is refused with its name', async () => {
  await expect(control.listAccessPoints({ AccountId })).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('ListAccessPoints'),
    $metadata: { httpStatusCode: 501 },
  });
});
