import { createHash } from 'node:crypto';
import type { CreateJobRequest } from '@aws-sdk/client-s3-control';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  answerFor,
  type BatchStack,
  functionThat,
  keysIn,
  keysOf,
  reportOf,
  rowsOf,
  startBatch,
  textOf,
} from '../../support/batch.ts';

let stack: BatchStack;
beforeEach(async () => {
  stack = await startBatch({
    lambda: functionThat((event) => {
      const [task] = event.tasks;
      const isGood = !task?.s3Key.startsWith('bad');
      return answerFor(event, isGood ? 'Succeeded' : 'PermanentFailure', `saw "${task?.s3Key}", ok`);
    }),
  });
});

const reporting = (members: object): Partial<CreateJobRequest> => ({
  Operation: { LambdaInvoke: { FunctionArn: 'f' } },
  Report: {
    Enabled: true,
    Bucket: 'arn:aws:s3:::reports',
    Format: 'Report_CSV_20180820',
    Prefix: 'made',
    ReportScope: 'AllTasks',
    ...members,
  },
});

const run = async (rows: string, report: object = {}) => {
  const { JobId = '', ...job } = await stack.run(await stack.request(rows, reporting(report)));
  return { JobId, ...job };
};

test('has a manifest with its MD5 and a result file for each status, named as S3 does', async () => {
  const { JobId } = await run(rowsOf(['a', 'bad', 'c']));
  const { manifest } = await reportOf(stack.s3, JobId);
  expect(manifest).toEqual({
    Format: 'Report_CSV_20180820',
    ReportCreationDate: new Date(stack.clock.now() - 1000).toISOString(),
    Results: ['succeeded', 'failed'].map((TaskExecutionStatus) => ({
      TaskExecutionStatus,
      Bucket: 'reports',
      MD5Checksum: expect.stringMatching(/^[0-9a-f]{32}$/),
      Key: expect.stringMatching(new RegExp(`^made/job-${JobId}/results/[0-9a-f]{40}\\.csv$`)),
    })),
    ReportSchema: 'Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage',
  });
  for (const { Key, MD5Checksum } of manifest.Results) {
    expect(md5(await textOf(stack.s3, 'reports', Key))).toBe(MD5Checksum);
  }
  const text = await textOf(stack.s3, 'reports', `made/job-${JobId}/manifest.json`);
  expect(await textOf(stack.s3, 'reports', `made/job-${JobId}/manifest.json.md5`)).toBe(md5(text));
  expect(await keysIn(stack.s3, 'reports')).toHaveLength(4);
});

test('has rows with HTTP status before error code, keys as in the manifest, and quotes only where needed', async () => {
  const { JobId } = await run('data,a+b%2Fc\n"data","bad,%22"\n');
  const { rows } = await reportOf(stack.s3, JobId);
  expect(rows.succeeded).toEqual(['data,a+b%2Fc,,succeeded,200,,"saw ""a+b%2Fc"", ok"']);
  expect(rows.failed).toEqual(['data,"bad,%22",,failed,200,PermanentFailure,"saw ""bad,%22"", ok"']);
});

describe('scope FailedTasksOnly', () => {
  test('omits succeeded tasks', async () => {
    const { JobId } = await run(rowsOf(['a', 'bad']), { ReportScope: 'FailedTasksOnly' });
    const { manifest, rows } = await reportOf(stack.s3, JobId);
    expect(manifest.Results).toHaveLength(1);
    expect(rows).toMatchObject({ succeeded: [], failed: [expect.stringContaining('bad')] });
  });

  test('has no results when nothing failed', async () => {
    const { JobId } = await run(rowsOf(['a']), { ReportScope: 'FailedTasksOnly' });
    expect((await reportOf(stack.s3, JobId)).manifest.Results).toEqual([]);
  });
});

test.each([
  [undefined, ''],
  ['made/', 'made/'],
  ['a/b', 'a/b/'],
])('with the prefix %s lies under %s', async (Prefix, folder) => {
  const { JobId } = await run(rowsOf(['a']), { Prefix });
  expect(await keysIn(stack.s3, 'reports')).toContain(`${folder}job-${JobId}/manifest.json`);
});

test('is not written when it is disabled', async () => {
  const request = await stack.request(rowsOf(['a']), { ...reporting({}), Report: { Enabled: false } });
  expect(await stack.run(request)).toMatchObject({ Status: 'Complete' });
  expect(await keysIn(stack.s3, 'reports')).toEqual([]);
});

test('that cannot be written fails the job, with the counts of the tasks that ran', async () => {
  expect(await run(rowsOf(['a', 'bad']), { Bucket: 'arn:aws:s3:::no-such-bucket' })).toMatchObject({
    Status: 'Failed',
    ProgressSummary: { NumberOfTasksSucceeded: 1, NumberOfTasksFailed: 1 },
    FailureReasons: [
      {
        FailureReason:
          'The job report could not be written to your report bucket. Please check your permissions.',
      },
    ],
  });
});

test('has one row for each of many tasks; the database keeps no results afterwards', async () => {
  const keys = keysOf(3000);
  const { JobId } = await run(rowsOf(keys));
  const { rows } = await reportOf(stack.s3, JobId);
  expect(rows.succeeded.map((row) => row.split(',')[1]).toSorted()).toEqual(keys);
  expect(stack.database.sql('SELECT COUNT(*) AS rows FROM batchResults').get()).toEqual({ rows: 0 });
});

test('every key is the same in the manifest, the function and the report', async () => {
  const anyKey = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((key) => encodeURIComponent(key).length <= 1024);
  const longKey = fc.constantFrom('x'.repeat(1024), 'é'.repeat(170), `${'/'.repeat(300)}..`);
  const encode = fc.constantFrom(encodeURIComponent, (key: string) =>
    new URLSearchParams([[key, '']]).toString().slice(0, -1),
  );
  const property = fc.asyncProperty(
    fc.uniqueArray(fc.oneof({ weight: 9, arbitrary: anyKey }, { weight: 1, arbitrary: longKey }), {
      minLength: 1,
      maxLength: 8,
    }),
    encode,
    async (keys, write) => {
      const invoked: string[] = [];
      const own = await startBatch({
        lambda: functionThat((event) => {
          invoked.push(...event.tasks.map(({ s3Key }) => s3Key));
          return answerFor(event, 'Succeeded', 'fine');
        }),
      });
      const rawKeys = keys.map(write);
      const request = await own.request(rawKeys.map((key) => `data,${key}\n`).join(''), reporting({}));
      const { JobId = '' } = await own.run(request);
      const { rows } = await reportOf(own.s3, JobId);
      expect(invoked.toSorted()).toEqual(rawKeys.toSorted());
      expect(rows.succeeded.toSorted()).toEqual(
        rawKeys.map((key) => `data,${key},,succeeded,200,,fine`).toSorted(),
      );
    },
  );
  await fc.assert(property, { numRuns: 25 });
});

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
