import {
  DeleteBucketCommand,
  DeleteBucketReplicationCommand,
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  PutBucketReplicationCommand,
  PutObjectTaggingCommand,
  type ReplicationRule,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type BatchStack, startBatch } from '../../../support/batch.ts';
import { createBucket, headOf, putObject, runOperation, setVersioning } from '../../../support/operations.ts';

let stack: BatchStack;
beforeEach(async () => {
  stack = await startBatch();
  for (const bucket of ['source', 'target', 'second']) {
    await createBucket(stack.s3, bucket);
    await setVersioning(stack.s3, bucket);
  }
});

const ruleTo = (bucket: string, more: Partial<ReplicationRule> = {}): ReplicationRule => ({
  ID: bucket,
  Status: 'Enabled',
  Priority: 1,
  Filter: { Prefix: '' },
  DeleteMarkerReplication: { Status: 'Disabled' },
  Destination: { Bucket: `arn:aws:s3:::${bucket}` },
  ...more,
});
const configure = (Rules = [ruleTo('target')], Bucket = 'source') =>
  stack.s3.send(
    new PutBucketReplicationCommand({
      Bucket,
      ReplicationConfiguration: { Role: 'arn:aws:iam::000000000000:role/r', Rules },
    }),
  );
const replicate = (...rows: string[]) =>
  runOperation(stack, rows.map((row) => `${row}\n`).join(''), { S3ReplicateObject: {} });
const put = (key = 'a', more = {}) => putObject(stack.s3, 'source', key, more);
const status = async (bucket: string, versionId: string) =>
  (await headOf(stack.s3, bucket, 'a', versionId)).ReplicationStatus;
const versionsIn = async (Bucket: string) => {
  const { Versions = [], DeleteMarkers = [] } = await stack.s3.send(
    new ListObjectVersionsCommand({ Bucket }),
  );
  return { versions: Versions.map(({ VersionId }) => VersionId), markers: DeleteMarkers.length };
};
const removeVersion = (Bucket: string, VersionId?: string) =>
  stack.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId }));

describe('S3ReplicateObject', () => {
  test('replicates versions that are older than the rules, with their version ids', async () => {
    const version = await put('a', { Metadata: { colour: 'red' }, Tagging: 'a=1' });
    await configure();
    expect(await status('source', version)).toBeUndefined();
    const { job, succeeded } = await replicate(`source,a,${version}`);
    expect(job).toMatchObject({ Status: 'Complete', ProgressSummary: { NumberOfTasksSucceeded: 1 } });
    expect(succeeded).toEqual([`source,a,${version},succeeded,200,,Successful`]);
    expect(await status('source', version)).toBe('COMPLETED');
    expect(await headOf(stack.s3, 'target', 'a', version)).toMatchObject({
      ReplicationStatus: 'REPLICA',
      Metadata: { colour: 'red' },
      TagCount: 1,
    });
  });

  test('keeps the order of versions for any order of replication', async () => {
    const [first, second, third] = [await put(), await put(), await put()];
    await configure();
    const rows = [third, first, second].map((version) => `source,a,${version}`);
    expect((await replicate(...rows)).succeeded).toHaveLength(3);
    expect((await versionsIn('target')).versions).toEqual([third, second, first]);
    expect((await versionsIn('target')).versions).toEqual((await versionsIn('source')).versions);
  });

  test('replicates null versions, and delete markers where the rule includes them', async () => {
    await putObject(stack.s3, 'data', 'a');
    await setVersioning(stack.s3, 'data');
    const { VersionId: marker } = await removeVersion('data');
    await configure([ruleTo('target', { DeleteMarkerReplication: { Status: 'Enabled' } })], 'data');
    expect((await replicate('data,a,null', `data,a,${marker}`)).succeeded).toHaveLength(2);
    expect(await versionsIn('target')).toEqual({ versions: ['null'], markers: 1 });
  });

  test('updates an existing replica', async () => {
    await configure();
    const version = await put();
    const TagSet = [{ Key: 'new', Value: 'yes' }];
    await stack.s3.send(new PutObjectTaggingCommand({ Bucket: 'source', Key: 'a', Tagging: { TagSet } }));
    await replicate(`source,a,${version}`);
    const tagging = new GetObjectTaggingCommand({ Bucket: 'target', Key: 'a', VersionId: version });
    expect((await stack.s3.send(tagging)).TagSet).toEqual(TagSet);
    expect((await versionsIn('target')).versions).toEqual([version]);
  });

  test('replicates to a destination that was added later, and repairs what failed', async () => {
    await configure();
    const version = await put();
    await configure([ruleTo('target'), ruleTo('second', { Priority: 2 })]);
    await setVersioning(stack.s3, 'second', 'Suspended');
    expect((await replicate(`source,a,${version}`)).failed).toHaveLength(1);
    expect(await status('source', version)).toBe('FAILED');
    await setVersioning(stack.s3, 'second');
    expect((await replicate(`source,a,${version}`)).succeeded).toHaveLength(1);
    expect(await status('source', version)).toBe('COMPLETED');
    expect(await status('second', version)).toBe('REPLICA');
  });

  test('replicates replicas, which keep the status REPLICA', async () => {
    await configure();
    const version = await put();
    await configure([ruleTo('second')], 'target');
    expect((await replicate(`target,a,${version}`)).succeeded).toHaveLength(1);
    expect([await status('target', version), await status('second', version)]).toEqual([
      'REPLICA',
      'REPLICA',
    ]);
  });
});

describe('S3ReplicateObject reports', () => {
  const failure = async (row: string) => {
    const { job, failed } = await replicate(row);
    expect(job).toMatchObject({ Status: 'Complete', ProgressSummary: { NumberOfTasksFailed: 1 } });
    return failed[0]?.slice(failed[0].indexOf('failed'));
  };
  const notEligible = 'failed,500,SrcObjectNotEligible,Object is not eligible for replication';

  test.each(['GLACIER', 'DEEP_ARCHIVE'] as const)('objects in %s', async (StorageClass) => {
    const version = await put('a', { StorageClass });
    await configure();
    expect(await failure(`source,a,${version}`)).toBe(notEligible);
    expect((await versionsIn('target')).versions).toEqual([]);
  });

  test('objects without a matching rule, and delete markers', async () => {
    const version = await put();
    const { VersionId: marker } = await removeVersion('source');
    await configure([ruleTo('target', { Filter: { Prefix: 'other/' } })]);
    expect(await failure(`source,a,${version}`)).toBe(notEligible);
    await configure();
    expect(await failure(`source,a,${marker}`)).toBe(notEligible);
  });

  test('rows without a version id', async () => {
    await configure();
    expect(await failure('source,a')).toBe('failed,400,InvalidRequest,Task failed due to missing VersionId');
  });

  test('a bucket that is missing or has no replication configuration', async () => {
    const version = await put();
    expect(await failure('no-such-bucket,a,null')).toMatch('failed,400,SrcBucketNotFound,');
    expect(await failure(`source,a,${version}`)).toMatch('failed,400,SrcBucketReplicationConfigMissing,');
    await configure();
    await stack.s3.send(new DeleteBucketReplicationCommand({ Bucket: 'source' }));
    expect(await failure(`source,a,${version}`)).toMatch('failed,400,SrcBucketReplicationConfigMissing,');
  });

  test('missing keys and versions', async () => {
    await put();
    await configure();
    expect(await failure(`source,none,null`)).toMatch('failed,400,SrcKeyNotFound,');
    expect(await failure(`source,a,null`)).toMatch('failed,400,SrcVersionNotFound,');
  });

  test('a destination that is missing or has suspended its versioning', async () => {
    const version = await put();
    await configure();
    await setVersioning(stack.s3, 'target', 'Suspended');
    expect(await failure(`source,a,${version}`)).toMatch('failed,400,DstBucketUnversioned,');
    await stack.s3.send(new DeleteBucketCommand({ Bucket: 'target' }));
    expect(await failure(`source,a,${version}`)).toMatch('failed,400,DstBucketNotFound,');
    expect(await status('source', version)).toBe('FAILED');
  });

  test('a destination without Object Lock when the source has it', async () => {
    await createBucket(stack.s3, 'locked', { ObjectLockEnabledForBucket: true });
    const version = await putObject(stack.s3, 'locked', 'a');
    await configure([ruleTo('target')], 'locked');
    expect(await failure(`locked,a,${version}`)).toMatch('failed,400,DstBucketObjectLockConfigMissing,');
  });

  test('versions that were permanently deleted at the destination', async () => {
    await configure();
    const version = await put();
    await removeVersion('target', version);
    expect(await failure(`source,a,${version}`)).toMatch('failed,400,DstObjectHardDeleted,');
    expect((await versionsIn('target')).versions).toEqual([]);
  });
});
