import {
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import type { JobOperation } from '@aws-sdk/client-s3-control';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ObjectStore } from '../../../local/batch/object-store.ts';
import { type Clock, turn, virtualClock } from '../../../local/core/clock.ts';
import {
  type BatchStack,
  keysOf,
  reportOf,
  rowsOf,
  startBatch,
  TAGGING,
  tagsOf,
} from '../../support/batch.ts';

let stack: BatchStack;
beforeEach(async () => {
  stack = await startBatch();
});

const tag = (Key: string, tags: Record<string, string>) =>
  stack.s3.send(
    new PutObjectTaggingCommand({
      Bucket: 'data',
      Key,
      Tagging: { TagSet: Object.entries(tags).map(([name, Value]) => ({ Key: name, Value })) },
    }),
  );

const run = async (rows: string, Operation: JobOperation, own = stack) => {
  const job = await own.run(await own.request(rows, { Operation }));
  return { job, ...(await reportOf(own.s3, job.JobId ?? '')).rows };
};

test('S3PutObjectTagging replaces the tags of every object', async () => {
  for (const key of ['a', 'b é+']) await stack.put('data', key, 'x');
  await tag('a', { old: 'gone', team: 'other' });
  const { job, succeeded } = await run(rowsOf(['a', 'b é+']), TAGGING);
  expect(job).toMatchObject({ Status: 'Complete', ProgressSummary: { NumberOfTasksSucceeded: 2 } });
  expect(await tagsOf(stack.s3, 'a')).toEqual({ team: 'media' });
  expect(await tagsOf(stack.s3, 'b é+')).toEqual({ team: 'media' });
  expect(succeeded.toSorted()).toEqual([
    'data,a,,succeeded,200,,Successful',
    'data,b%20%C3%A9%2B,,succeeded,200,,Successful',
  ]);
});

test('S3PutObjectTagging without tags removes them all', async () => {
  await stack.put('data', 'a', 'x');
  await tag('a', { old: 'gone' });
  await run(rowsOf(['a']), { S3PutObjectTagging: { TagSet: [] } });
  expect(await tagsOf(stack.s3, 'a')).toEqual({});
});

test('S3DeleteObjectTagging removes the tags of every object', async () => {
  await stack.put('data', 'a', 'x');
  await tag('a', { old: 'gone' });
  const { succeeded } = await run(rowsOf(['a']), { S3DeleteObjectTagging: {} });
  expect(await tagsOf(stack.s3, 'a')).toEqual({});
  expect(succeeded).toEqual(['data,a,,succeeded,200,,Successful']);
});

describe.each([
  ['S3PutObjectTagging', TAGGING],
  ['S3DeleteObjectTagging', { S3DeleteObjectTagging: {} }],
] as const)('%s reports', (_, operation) => {
  test('missing objects and buckets', async () => {
    const { failed } = await run(`${rowsOf(['none'])}no-such-bucket,a\n`, operation);
    expect(failed.toSorted()).toEqual([
      'data,none,,failed,404,NoSuchKey,The specified key does not exist',
      'no-such-bucket,a,,failed,404,NoSuchBucket,The specified bucket does not exist',
    ]);
  });

  test('objects whose current version is a delete marker', async () => {
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await stack.s3.send(new PutBucketVersioningCommand({ Bucket: 'data', VersioningConfiguration }));
    await stack.put('data', 'a', 'x');
    await stack.s3.send(new DeleteObjectCommand({ Bucket: 'data', Key: 'a' }));
    const { job, failed } = await run(rowsOf(['a']), operation);
    expect(job).toMatchObject({ Status: 'Complete', ProgressSummary: { NumberOfTasksFailed: 1 } });
    expect(failed[0]).toContain('data,a,,failed,405,MethodNotAllowed,');
  });
});

test('applies to the versions that the manifest names', async () => {
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await stack.put('data', 'a', 'null version');
  await stack.s3.send(new PutBucketVersioningCommand({ Bucket: 'data', VersioningConfiguration }));
  const put = async () =>
    (await stack.s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'a', Body: 'x' }))).VersionId ?? '';
  const [middle, latest] = [await put(), await put()];
  const request = await stack.request(`data,a,null\ndata,a,${middle}\ndata,a,\n`);
  const Spec = { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key', 'VersionId'] };
  const { JobId = '' } = await stack.run({ ...request, Manifest: { ...request.Manifest, Spec } as never });
  expect(await tagsOf(stack.s3, 'a', 'null')).toEqual({ team: 'media' });
  expect(await tagsOf(stack.s3, 'a', middle)).toEqual({ team: 'media' });
  expect(await tagsOf(stack.s3, 'a', latest)).toEqual({});
  expect((await reportOf(stack.s3, JobId)).rows).toEqual({
    succeeded: [`data,a,null,succeeded,200,,Successful`, `data,a,${middle},succeeded,200,,Successful`],
    failed: ['data,a,,failed,400,InvalidRequest,Task failed due to missing VersionId'],
  });
});

describe('another store', () => {
  const remote = (objects: ObjectStore, clock: Clock, counts: { most: number }): ObjectStore => {
    let inProgress = 0;
    const later = <T>(work: () => T | Promise<T>): Promise<T> =>
      clock.busy(async () => {
        counts.most = Math.max(counts.most, ++inProgress);
        await turn();
        inProgress--;
        return work();
      });
    return {
      ...objects,
      bucketExists: (bucket) => later(() => objects.bucketExists(bucket)),
      headObject: (target) => later(() => objects.headObject(target)),
      putObjectTagging: (target, tags) => later(() => objects.putObjectTagging(target, tags)),
      deleteObjectTagging: (target) => later(() => objects.deleteObjectTagging(target)),
    };
  };

  test('with asynchronous answers gives the same results', async () => {
    const counts = { most: 0 };
    const clock = virtualClock(0);
    const own = await startBatch({ clock, wrap: (objects) => remote(objects, clock, counts) });
    const keys = keysOf(300);
    for (const key of keys) await own.objects.putObject({ bucket: 'data', key }, Buffer.from('x'));
    const { job, succeeded, failed } = await run(rowsOf([...keys, 'none']), TAGGING, own);
    expect(job).toMatchObject({ Status: 'Complete' });
    expect(succeeded).toHaveLength(300);
    expect(failed).toEqual(['data,none,,failed,404,NoSuchKey,The specified key does not exist']);
    expect(await tagsOf(own.s3, 'key-000299')).toEqual({ team: 'media' });
    expect(counts.most).toBe(64);
  });
});
