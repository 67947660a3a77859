import type { S3InitiateRestoreObjectOperation } from '@aws-sdk/client-s3-control';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type BatchStack, DAY_MS, rowsOf, startBatch, textOf } from '../../../support/batch.ts';
import { headOf, putObject, runOperation } from '../../../support/operations.ts';

const HOUR_MS = 60 * 60 * 1000;

let stack: BatchStack;
beforeEach(async () => {
  stack = await startBatch();
  await putObject(stack.s3, 'data', 'cold', { StorageClass: 'GLACIER' });
});

const restore = (operation: S3InitiateRestoreObjectOperation, keys = ['cold']) =>
  runOperation(stack, rowsOf(keys), { S3InitiateRestoreObject: operation });
const state = async (key = 'cold') => (await headOf(stack.s3, 'data', key)).Restore;
const ONGOING = 'ongoing-request="true"';
const busy = 'data,cold,,failed,409,RestoreAlreadyInProgress,Object restore is already in progress';

describe('S3InitiateRestoreObject', () => {
  test('begins a restore and succeeds at once', async () => {
    await putObject(stack.s3, 'data', 'colder', { StorageClass: 'DEEP_ARCHIVE' });
    const operation = { ExpirationInDays: 2, GlacierJobTier: 'BULK' } as const;
    const { job, succeeded } = await restore(operation, ['cold', 'colder']);
    expect(job).toMatchObject({ Status: 'Complete', ProgressSummary: { NumberOfTasksSucceeded: 2 } });
    expect(succeeded).toEqual([
      'data,cold,,succeeded,200,,Successful',
      'data,colder,,succeeded,200,,Successful',
    ]);
    expect([await state(), await state('colder')]).toEqual([ONGOING, ONGOING]);
    await stack.clock.advance(48 * HOUR_MS);
    expect(await state('colder')).toMatch(/^ongoing-request="false", expiry-date="/);
    expect(await textOf(stack.s3, 'data', 'colder')).toBe('body');
  });

  test('uses the standard tier by default', async () => {
    await restore({ ExpirationInDays: 1 });
    await stack.clock.advance(5 * HOUR_MS);
    expect(await state()).toMatch('ongoing-request="false"');
  });

  test('speeds up a running restore by a faster tier at any time', async () => {
    await restore({ ExpirationInDays: 2, GlacierJobTier: 'BULK' });
    await stack.clock.advance(11 * HOUR_MS);
    expect((await restore({ ExpirationInDays: 2, GlacierJobTier: 'STANDARD' })).succeeded).toHaveLength(1);
    await stack.clock.advance(HOUR_MS);
    expect(await state()).toMatch('ongoing-request="false"');
  });

  test('sets a new expiry of a restored object', async () => {
    await restore({ ExpirationInDays: 1 });
    await stack.clock.advance(6 * HOUR_MS);
    const before = await state();
    expect((await restore({ ExpirationInDays: 9 })).succeeded).toHaveLength(1);
    expect(await state()).not.toBe(before);
    await stack.clock.advance(8 * DAY_MS);
    expect(await state()).toMatch('ongoing-request="false"');
  });
});

describe('S3InitiateRestoreObject reports', () => {
  test('a missing or invalid ExpirationInDays', async () => {
    expect((await restore({})).failed[0]).toMatch('data,cold,,failed,400,MalformedXML,');
    expect((await restore({ ExpirationInDays: 0 })).failed[0]).toMatch(
      'data,cold,,failed,400,InvalidArgument,',
    );
    expect(await state()).toBeUndefined();
  });

  test('a running restore with other days or in a tier that is not faster', async () => {
    await restore({ ExpirationInDays: 2, GlacierJobTier: 'STANDARD' });
    await stack.clock.advance(HOUR_MS);
    expect((await restore({ ExpirationInDays: 3, GlacierJobTier: 'STANDARD' })).failed).toEqual([busy]);
    expect((await restore({ ExpirationInDays: 2, GlacierJobTier: 'STANDARD' })).failed).toEqual([busy]);
    expect((await restore({ ExpirationInDays: 2, GlacierJobTier: 'BULK' })).failed).toEqual([busy]);
  });

  test('an ExpirationInDays for S3 Intelligent-Tiering, and objects that are not archived there', async () => {
    await putObject(stack.s3, 'data', 'tiered', { StorageClass: 'INTELLIGENT_TIERING' });
    expect((await restore({ ExpirationInDays: 1 }, ['tiered'])).failed[0]).toMatch(
      'data,tiered,,failed,400,InvalidArgument,INTELLIGENT_TIERING objects are not subject to restore expiry.',
    );
    expect((await restore({}, ['tiered'])).failed[0]).toMatch('data,tiered,,failed,403,InvalidObjectState,');
  });

  test.each(['STANDARD', 'GLACIER_IR'] as const)(
    'objects in %s, which is no archive',
    async (StorageClass) => {
      await putObject(stack.s3, 'data', 'warm', { StorageClass });
      expect((await restore({ ExpirationInDays: 1 }, ['warm'])).failed).toEqual([
        "data,warm,,failed,403,InvalidObjectState,Restore is not allowed for the object's current storage class",
      ]);
    },
  );

  test('missing objects', async () => {
    expect((await restore({ ExpirationInDays: 1 }, ['none'])).failed).toEqual([
      'data,none,,failed,404,NoSuchKey,The specified key does not exist',
    ]);
  });
});
