import { GetObjectLegalHoldCommand, GetObjectRetentionCommand } from '@aws-sdk/client-s3';
import type {
  JobOperation,
  S3ObjectLockRetentionMode,
  S3SetObjectRetentionOperation,
} from '@aws-sdk/client-s3-control';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type BatchStack, DAY_MS, keysIn, startBatch } from '../../../support/batch.ts';
import {
  createBucket,
  operationRequest,
  putObject,
  runOperation,
  setVersioning,
} from '../../../support/operations.ts';
import { START_MS } from '../../../support/s3.ts';

let stack: BatchStack;
beforeEach(async () => {
  stack = await startBatch();
  await createBucket(stack.s3, 'locked', { ObjectLockEnabledForBucket: true });
});

const inDays = (days: number) => new Date(START_MS + days * DAY_MS);
const hold = (rows: string, Status: 'ON' | 'OFF' = 'ON') =>
  runOperation(stack, rows, { S3PutObjectLegalHold: { LegalHold: { Status } } });
const heldAs = async (VersionId?: string) => {
  const command = new GetObjectLegalHoldCommand({ Bucket: 'locked', Key: 'a', VersionId });
  return (await stack.s3.send(command)).LegalHold?.Status;
};
const retain = (operation: S3SetObjectRetentionOperation, rows = 'locked,a\n') =>
  runOperation(stack, rows, { S3PutObjectRetention: operation });
const until = (days: number, Mode: S3ObjectLockRetentionMode = 'GOVERNANCE') => ({
  Retention: { Mode, RetainUntilDate: inDays(days) },
});
const retained = async (VersionId?: string) =>
  (await stack.s3.send(new GetObjectRetentionCommand({ Bucket: 'locked', Key: 'a', VersionId }))).Retention;
const locked = 'locked,a,,failed,403,AccessDenied,Access Denied because object protected by object lock';
const unheld = { name: 'NoSuchObjectLockConfiguration' };

describe('S3PutObjectLegalHold', () => {
  test('sets and removes a legal hold on the latest version', async () => {
    const first = await putObject(stack.s3, 'locked', 'a');
    const second = await putObject(stack.s3, 'locked', 'a');
    const { succeeded } = await hold('locked,a\n');
    expect(succeeded).toEqual(['locked,a,,succeeded,200,,Successful']);
    expect(await heldAs(second)).toBe('ON');
    await expect(heldAs(first)).rejects.toMatchObject(unheld);
    await hold('locked,a\n', 'OFF');
    expect(await heldAs(second)).toBe('OFF');
  });

  test('applies to the versions that the manifest names', async () => {
    const first = await putObject(stack.s3, 'locked', 'a');
    const second = await putObject(stack.s3, 'locked', 'a');
    await hold(`locked,a,${first}\n`);
    expect(await heldAs(first)).toBe('ON');
    await expect(heldAs(second)).rejects.toMatchObject(unheld);
  });

  test('reports missing objects', async () => {
    expect((await hold('locked,none\n')).failed).toEqual([
      'locked,none,,failed,404,NoSuchKey,The specified key does not exist',
    ]);
  });
});

describe('S3PutObjectRetention', () => {
  test('retains the latest version, lengthens the retention and lifts it with a bypass', async () => {
    const first = await putObject(stack.s3, 'locked', 'a');
    await putObject(stack.s3, 'locked', 'a');
    const { succeeded } = await retain(until(5));
    expect(succeeded).toEqual(['locked,a,,succeeded,200,,Successful']);
    expect(await retained()).toEqual({ Mode: 'GOVERNANCE', RetainUntilDate: inDays(5) });
    await expect(retained(first)).rejects.toMatchObject(unheld);
    await retain(until(9));
    expect(await retained()).toMatchObject({ RetainUntilDate: inDays(9) });
    expect((await retain({ Retention: {}, BypassGovernanceRetention: true })).succeeded).toHaveLength(1);
    await expect(retained()).rejects.toMatchObject(unheld);
  });

  test('applies to the versions that the manifest names', async () => {
    const first = await putObject(stack.s3, 'locked', 'a');
    await putObject(stack.s3, 'locked', 'a');
    await retain(until(5), `locked,a,${first}\n`);
    expect(await retained(first)).toMatchObject({ Mode: 'GOVERNANCE' });
    await expect(retained()).rejects.toMatchObject(unheld);
  });

  test('shortens or lifts GOVERNANCE only with a bypass', async () => {
    await putObject(stack.s3, 'locked', 'a');
    await retain(until(5));
    expect((await retain(until(1))).failed).toEqual([locked]);
    expect((await retain({ Retention: {} })).failed).toEqual([locked]);
    expect(await retained()).toMatchObject({ RetainUntilDate: inDays(5) });
    expect((await retain({ ...until(1), BypassGovernanceRetention: true })).succeeded).toHaveLength(1);
    expect(await retained()).toMatchObject({ RetainUntilDate: inDays(1) });
  });

  test('can only lengthen COMPLIANCE', async () => {
    await putObject(stack.s3, 'locked', 'a');
    await retain(until(5, 'COMPLIANCE'));
    for (const operation of [until(1, 'COMPLIANCE'), until(9), { Retention: {} }])
      expect((await retain({ ...operation, BypassGovernanceRetention: true })).failed).toEqual([locked]);
    expect((await retain(until(6, 'COMPLIANCE'))).succeeded).toHaveLength(1);
    expect(await retained()).toEqual({ Mode: 'COMPLIANCE', RetainUntilDate: inDays(6) });
  });

  test.each<[string, S3SetObjectRetentionOperation, string]>([
    ['a date in the past', until(-1), '400,InvalidArgument,The retain until date must be in the future!'],
    ['a mode without a date', { Retention: { Mode: 'GOVERNANCE' } }, '400,MalformedXML'],
  ])('reports %s', async (_, operation, row) => {
    await putObject(stack.s3, 'locked', 'a');
    expect((await retain(operation)).failed[0]).toMatch(`locked,a,,failed,${row}`);
    await expect(retained()).rejects.toMatchObject(unheld);
  });
});

describe.each<[string, JobOperation]>([
  ['S3PutObjectLegalHold', { S3PutObjectLegalHold: { LegalHold: { Status: 'ON' } } }],
  ['S3PutObjectRetention', { S3PutObjectRetention: until(5) }],
])('%s fails in Preparing, before any task,', (_, operation) => {
  const prepare = async (rows: string) => {
    const job = await stack.run(await operationRequest(stack, rows, operation));
    expect(job).toMatchObject({ Status: 'Failed', ProgressSummary: { TotalNumberOfTasks: 0 } });
    expect(await keysIn(stack.s3, 'reports')).toEqual([]);
    expect(stack.log).toContain(`job ${job.JobId}: Preparing -> Failing`);
    return job.FailureReasons;
  };

  test('when a bucket of the manifest has no Object Lock, with versions or without', async () => {
    await putObject(stack.s3, 'locked', 'a');
    await setVersioning(stack.s3, 'data');
    await putObject(stack.s3, 'data', 'a');
    const reason = {
      FailureCode: 'ObjectLockConfigurationNotFoundError',
      FailureReason: 'Object Lock configuration does not exist for this bucket: data',
    };
    expect(await prepare('locked,a\ndata,a\n')).toEqual([reason]);
    await expect(heldAs()).rejects.toMatchObject(unheld);
    await expect(retained()).rejects.toMatchObject(unheld);
  });

  test('when a bucket of the manifest is missing', async () => {
    expect(await prepare('no-such-bucket,a\n')).toEqual([
      expect.objectContaining({ FailureCode: 'NoSuchBucket' }),
    ]);
  });
});
