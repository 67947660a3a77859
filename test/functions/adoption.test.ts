import { isDeepStrictEqual } from 'node:util';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateJobCommand, type CreateJobCommandInput } from '@aws-sdk/client-s3-control';
import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSameJob } from '../../functions/domain/job/same-job.ts';
import { jobRequestIdOf } from '../../functions/domain/request/job-request-id.ts';
import { withDates } from '../../functions/domain/request/timestamps.ts';
import { validJobRequest } from '../fuzz/bodies.ts';
import { post, type SimulatedStack, simulateStack } from '../support/simulated-stack.ts';

let stack: SimulatedStack;
let wanted: CreateJobCommandInput;
const body = {
  Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'step', Value: 'done' }] } },
  Objects: [{ Bucket: 'data', Key: 'a' }],
};
beforeAll(async () => {
  stack = await simulateStack();
  for (const Bucket of ['data', 'other']) await stack.s3.send(new CreateBucketCommand({ Bucket }));
  await stack.s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'a', Body: 'x' }));
  wanted = (await post(stack, '/jobs', body)).body.request;
});

/** Differences that make a job another one. */
const others: [string, Partial<CreateJobCommandInput>][] = [
  ['operation', { Operation: { S3DeleteObjectTagging: {} } }],
  ['value in the operation', { Operation: { S3PutObjectTagging: { TagSet: [] } } }],
  ['report', { Report: { Enabled: false } }],
  ['role', { RoleArn: 'arn:aws:iam::000000000000:role/other' }],
];

test.each(others)('does not adopt a planted job with another %s', async (difference, planted) => {
  const key = `planted ${difference}`;
  const id = jobRequestIdOf('deployment', { key });
  const mine = await stack.s3Control.send(
    new CreateJobCommand({
      ...wanted,
      ...planted,
      ClientRequestToken: `token ${difference}`,
      Description: `[${id}]`,
    }),
  );
  stack.faults.set([{ service: 's3control', action: 'CreateJob', effect: { type: 'throttle' }, times: 1 }]);
  await post(stack, '/jobs', body, { 'idempotency-key': key });
  const record = await stack.ended(id);
  expect(record).toMatchObject({ outcome: 'Succeeded', job: { Operation: body.Operation } });
  expect(record.jobId).not.toBe(mine.JobId);
});

/** Without empty lists, which S3 can omit. */
const filled = (value: object) =>
  JSON.parse(
    JSON.stringify(value, (_, member) => (Array.isArray(member) && !member.length ? undefined : member)),
  );

test('a job is the same only if nothing that was asked for differs', () => {
  const described = (input: object) =>
    JSON.parse(JSON.stringify({ ...(withDates(input as never) as object), JobId: 'job', Status: 'New' }));
  fc.assert(
    fc.property(validJobRequest, validJobRequest, (one, other) => {
      const input = { RoleArn: 'role', Report: { Enabled: false }, ...one } as never;
      expect(isSameJob(input, described({ ...(input as object), Priority: 7, Tags: undefined }))).toBe(true);
      const { Operation } = other as { Operation: object };
      const job = described({ ...(input as object), Operation });
      const isEqual = isDeepStrictEqual(filled(job.Operation), filled(described(input).Operation));
      expect(isSameJob(input, job)).toBe(isEqual);
    }),
    { numRuns: 200 },
  );
});
