import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateJobCommand, type CreateJobCommandInput } from '@aws-sdk/client-s3-control';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { jobRequestIdOf } from '../../functions/domain/request/job-request-id.ts';
import type { Fault } from '../../local/faults/fault.ts';
import { createInProcessLambda } from '../../local/lambda/in-process.ts';
import { openDatabase } from '../../local/store/database.ts';
import { readDocument, tableBelow } from '../support/markdown.ts';
import { post, type SimulatedStack, simulateStack } from '../support/simulated-stack.ts';
import { createWorkbench, outcomeOf } from '../support/states.ts';
import { jobMachine } from '../support/watch.ts';

const DAY_MS = 86_400_000;

let stack: SimulatedStack;
let etag: string;
beforeAll(async () => {
  stack = await simulateStack({ keys: ['a', 'b'] });
  const manifest = { Bucket: 'data', Key: 'm.csv', Body: 'data,a\ndata,b\n' };
  etag = (await stack.s3.send(new PutObjectCommand(manifest))).ETag?.replaceAll('"', '') ?? '';
});
afterEach(() => {
  expect(stack.faults.list().faults.filter(({ struck }) => struck !== 1)).toEqual([]);
  stack.faults.clear();
});

const body = {
  Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'step', Value: 'done' }] } },
  Manifest: { Location: { ObjectArn: 'arn:aws:s3:::data/m.csv' } },
};
const submit = (key: string) => post(stack, '/jobs', body, { 'idempotency-key': key });
const idOf = (key: string) => jobRequestIdOf('deployment', { key });
const once = (fault: Omit<Fault, 'times'>): void => stack.faults.set([{ ...fault, times: 1 }]);
const ofFunction = (name: string) => ({ service: 'lambda' as const, match: { functionName: `*-${name}` } });

/** Jobs that S3 has for a job request, and executions that Step Functions has. */
async function countsOf(jobRequestId: string) {
  const jobs = (await stack.jobs()).filter(({ Description }) => Description?.endsWith(`[${jobRequestId}]`));
  const executions = (await stack.executions()).filter(({ name }) => name === jobRequestId);
  return { jobs: jobs.length, executions: executions.length };
}
const ONE_OF_EACH = { jobs: 1, executions: 1 };

const noticesOf = (jobRequestId: string) =>
  stack.notices
    .map(({ Message }) => JSON.parse(Message))
    .filter((notice) => notice.jobRequestId === jobRequestId);

/** A job that create-job did not create. */
const createByHand = (members: Partial<CreateJobCommandInput>) =>
  stack.s3Control.send(
    new CreateJobCommand({
      AccountId: '000000000000',
      ClientRequestToken: randomUUID(),
      ConfirmationRequired: false,
      ...body,
      Manifest: {
        Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
        Location: { ...body.Manifest.Location, ETag: etag },
      },
      Report: { Enabled: false },
      Priority: 10,
      RoleArn: process.env['BATCH_ROLE_ARNS'],
      ...members,
    }),
  );

/** Each failure, named as in the document. */
const windows: Record<string, () => Promise<void>> = {
  async 'the caller receives no answer and posts again with the same key'() {
    once({
      ...ofFunction('submit-job'),
      effect: { type: 'functionError', errorType: 'Runtime.ExitError', afterWork: true },
    });
    expect((await submit('no-answer')).status).toBeGreaterThanOrEqual(500);

    const again = await submit('no-answer');
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([202, 'true']);
    expect(await stack.ended(idOf('no-answer'))).toMatchObject({ outcome: 'Succeeded' });
    expect(await countsOf(idOf('no-answer'))).toEqual(ONE_OF_EACH);
  },

  async 'the caller posts again after the end'() {
    await submit('closed');
    const record = await stack.ended(idOf('closed'));
    const again = await submit('closed');
    expect(again.body).toMatchObject({ state: 'Ended', outcome: 'Succeeded', jobId: record.jobId });
    expect(await countsOf(idOf('closed'))).toEqual(ONE_OF_EACH);
  },

  async 'the caller posts again more than 90 days after the end'() {
    await submit('long-ago');
    const { jobId } = await stack.ended(idOf('long-ago'));
    await stack.clock.advance(91 * DAY_MS);
    expect((await submit('long-ago')).headers['idempotency-replayed']).toBeUndefined();
    const record = await stack.ended(idOf('long-ago'));
    expect(record.outcome).toBe('Succeeded');
    expect(record.jobId).not.toBe(jobId);
  },

  async 'S3 creates the job, and its reply is lost'() {
    once({
      service: 's3control',
      action: 'CreateJob',
      effect: { type: 'disconnect', afterWork: true },
    });
    await submit('lost-reply');
    expect(await stack.ended(idOf('lost-reply'))).toMatchObject({ outcome: 'Succeeded' });
    expect(await countsOf(idOf('lost-reply'))).toEqual(ONE_OF_EACH);
  },

  async 'S3 creates the job, and create-job is killed'() {
    once({
      ...ofFunction('create-job'),
      effect: { type: 'functionError', errorType: 'Runtime.ExitError', afterWork: true },
    });
    await submit('killed');
    expect(await stack.ended(idOf('killed'))).toMatchObject({ outcome: 'Succeeded' });
    expect(await countsOf(idOf('killed'))).toEqual(ONE_OF_EACH);
  },

  async 'S3 creates the job, and create-job runs out of time'() {
    once({ ...ofFunction('create-job'), effect: { type: 'timeOut', seconds: 30, afterWork: true } });
    await submit('out-of-time');
    expect(await stack.ended(idOf('out-of-time'))).toMatchObject({ outcome: 'Succeeded' });
    expect(await countsOf(idOf('out-of-time'))).toEqual(ONE_OF_EACH);
  },

  async 'create-job is retried after S3 has forgotten the client token'() {
    const id = idOf('forgotten');
    const Report = {
      Enabled: true,
      Format: 'Report_CSV_20180820' as const,
      ReportScope: 'AllTasks' as const,
      Bucket: `arn:aws:s3:::${process.env['STACK_BUCKET']}`,
      Prefix: `reports/${id.slice(0, 20)}`,
    };
    const { JobId } = await createByHand({ Description: `made by an earlier attempt [${id}]`, Report });
    once({ service: 's3control', action: 'CreateJob', effect: { type: 'throttle' } });
    await submit('forgotten');
    expect(await stack.ended(id)).toMatchObject({ outcome: 'Succeeded', jobId: JobId });
    expect(await countsOf(id)).toEqual(ONE_OF_EACH);
  },

  async 'the client token belongs to a job with other parameters'() {
    const id = idOf('taken');
    await createByHand({ ClientRequestToken: id, Operation: { S3DeleteObjectTagging: {} } });
    await submit('taken');
    expect(await stack.ended(id)).toMatchObject({
      outcome: 'NotCreated',
      failureReasons: [{ code: 'IdempotencyException' }],
    });
    expect(await countsOf(id)).toEqual({ jobs: 0, executions: 1 });
  },

  async 'create-job has answered, and the process dies before its answer is stored'() {
    const { handler } = await import(join(import.meta.dirname, '../../functions/create-job.ts'));
    const lambda = createInProcessLambda({ functions: { CreateJob: handler }, clock: stack.clock });
    const options = { definition: jobMachine(), database: openDatabase(), clock: stack.clock };
    const jobIds: string[] = [];
    const dies = createWorkbench({
      ...options,
      lambda: {
        async invoke(arn, payload) {
          const answer = await lambda.invoke(arn, payload);
          jobIds.push(JSON.parse(answer.payload).jobId);
          void dies.stateMachines.stop();
          return answer;
        },
      },
    });
    const id = idOf('dies');
    const createJob = { ...(await acceptedRequest()), ClientRequestToken: id, Description: `[${id}]` };
    const arn = dies.start({ jobRequestId: id, createJob, watch: {} }, id);
    await stack.clock.advance(1000);
    expect(jobIds).toHaveLength(1);

    const next = createWorkbench({
      ...options,
      handlers: {
        async CreateJob(event: object) {
          const step = JSON.parse((await lambda.invoke('CreateJob', JSON.stringify(event))).payload);
          jobIds.push(step.jobId);
          return { ...step, outcome: 'Succeeded', notice: step.statusUnreadable, record: {} };
        },
      },
    });
    next.stateMachines.resume();
    await next.untilEnd(arn);
    expect(outcomeOf(next.stateMachines, arn).status).toBe('SUCCEEDED');
    expect(new Set(jobIds).size).toBe(1);
    expect((await countsOf(id)).jobs).toBe(1);
  },

  async 'SNS accepts the notice, and its reply is lost'() {
    once({ service: 'sns', action: 'Publish', effect: { type: 'disconnect', afterWork: true } });
    await submit('twice');
    await stack.ended(idOf('twice'));
    const noticeIds = noticesOf(idOf('twice')).map(({ noticeId }) => noticeId);
    expect(noticeIds).toEqual([`${idOf('twice')}:final`, `${idOf('twice')}:final`]);
  },
};

/** The CreateJob input that submit-job makes of the body. */
async function acceptedRequest(): Promise<object> {
  const { body: answer } = await submit('accepted');
  await stack.ended(answer.jobRequestId);
  return answer.request;
}

describe('one job and one notice', () => {
  test.each(Object.entries(windows))('%s', (_, breaks) => breaks());

  test('the document lists all of these', () => {
    const rows = tableBelow(readDocument('docs/outcomes.md'), 'Failures between two steps');
    expect(rows.map(([where]) => where)).toEqual(Object.keys(windows));
  });
});
