import { gunzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import type { JobManifestGeneratorFilter, S3JobManifestGenerator } from '@aws-sdk/client-s3-control';
import { describe, expect, test } from '@jest/globals';
import {
  answerFor,
  type BatchStack,
  type BatchStackOptions,
  functionThat,
  jobRequest,
  keysIn,
  keysOf,
  reportOf,
  startBatch,
  textOf,
} from '../../support/batch.ts';
import { START_MS } from '../../support/s3.ts';

const generatorJob = (members: Partial<S3JobManifestGenerator> = {}) =>
  jobRequest({
    Operation: { LambdaInvoke: { FunctionArn: 'f' } },
    ManifestGenerator: {
      S3JobManifestGenerator: {
        SourceBucket: 'arn:aws:s3:::data',
        EnableManifestOutput: false,
        ...members,
      },
    },
  });

const output = (members: object = {}): Partial<S3JobManifestGenerator> => ({
  EnableManifestOutput: true,
  ManifestOutputLocation: {
    Bucket: 'arn:aws:s3:::manifests',
    ManifestFormat: 'S3InventoryReport_CSV_20211130',
    ManifestPrefix: 'gen',
    ...members,
  },
});

async function start(options: BatchStackOptions = {}) {
  const invoked: string[] = [];
  const lambda = functionThat((event) => {
    invoked.push(
      ...event.tasks.map(({ s3Key, s3VersionId }) => (s3VersionId ? `${s3Key} ${s3VersionId}` : s3Key)),
    );
    return answerFor(event, 'Succeeded');
  });
  return { invoked, stack: await startBatch({ lambda, ...options }) };
}

const put = (stack: BatchStack, Key: string, input: Partial<PutObjectCommandInput> = {}) =>
  stack.s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body: 'x', ...input }));

describe('filters', () => {
  const customerKey = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: Buffer.alloc(32).toString('base64') };
  const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/k1';

  async function matching(Filter: JobManifestGeneratorFilter): Promise<string[]> {
    const { invoked, stack } = await start();
    await put(stack, 'old.txt', { Body: Buffer.alloc(0) });
    await stack.clock.advance(60_000);
    await put(stack, 'photos/a b.jpg', { Body: '12345', StorageClass: 'GLACIER_IR' });
    await put(stack, 'photos/kms.jpg', {
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: keyArn,
      BucketKeyEnabled: true,
    });
    await put(stack, 'photos/kms2.jpg', { ServerSideEncryption: 'aws:kms' });
    await put(stack, 'dsse', { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: keyArn });
    await put(stack, 'ssec', customerKey);
    await stack.run(generatorJob({ Filter }));
    return invoked.toSorted();
  }

  const all = ['dsse', 'old.txt', 'photos/a%20b.jpg', 'photos/kms.jpg', 'photos/kms2.jpg', 'ssec'];
  test.each<[string, JobManifestGeneratorFilter, string[]]>([
    ['none', {}, all],
    ['prefix', { KeyNameConstraint: { MatchAnyPrefix: ['photos/'] } }, all.slice(2, 5)],
    ['suffix', { KeyNameConstraint: { MatchAnySuffix: ['.txt'] } }, ['old.txt']],
    ['substring', { KeyNameConstraint: { MatchAnySubstring: ['a b'] } }, ['photos/a%20b.jpg']],
    ['created after', { CreatedAfter: new Date(START_MS) }, all.filter((key) => key !== 'old.txt')],
    ['created before', { CreatedBefore: new Date(START_MS + 1) }, ['old.txt']],
    ['created before, strictly', { CreatedBefore: new Date(START_MS + 60_000) }, ['old.txt']],
    ['size greater', { ObjectSizeGreaterThanBytes: 1 }, ['photos/a%20b.jpg']],
    ['size less', { ObjectSizeLessThanBytes: 1 }, ['old.txt']],
    ['storage class', { MatchAnyStorageClass: ['GLACIER_IR', 'GLACIER'] }, ['photos/a%20b.jpg']],
    ['SSE-S3', { MatchAnyObjectEncryption: [{ SSES3: {} }] }, ['old.txt', 'photos/a%20b.jpg']],
    ['SSE-KMS', { MatchAnyObjectEncryption: [{ SSEKMS: {} }] }, ['photos/kms.jpg', 'photos/kms2.jpg']],
    ['SSE-KMS by key', { MatchAnyObjectEncryption: [{ SSEKMS: { KmsKeyArn: keyArn } }] }, ['photos/kms.jpg']],
    [
      'SSE-KMS by bucket key',
      { MatchAnyObjectEncryption: [{ SSEKMS: { BucketKeyEnabled: false } }] },
      ['photos/kms2.jpg'],
    ],
    ['DSSE-KMS', { MatchAnyObjectEncryption: [{ DSSEKMS: { KmsKeyArn: keyArn } }] }, ['dsse']],
    ['SSE-C', { MatchAnyObjectEncryption: [{ SSEC: {} }] }, ['ssec']],
    ['replication status', { ObjectReplicationStatuses: ['NONE', 'FAILED'] }, all],
    ['not eligible for replication', { EligibleForReplication: false }, all],
    [
      'several at once',
      {
        KeyNameConstraint: { MatchAnyPrefix: ['photos/'], MatchAnySuffix: ['.jpg'] },
        ObjectSizeLessThanBytes: 5,
      },
      ['photos/kms.jpg', 'photos/kms2.jpg'],
    ],
  ])('%s', async (_, filter, expected) => {
    expect(await matching(filter)).toEqual(expected);
  });

  test.each<[string, JobManifestGeneratorFilter]>([
    ['replication status', { ObjectReplicationStatuses: ['COMPLETED'] }],
    ['eligible for replication', { EligibleForReplication: true }],
    ['not encrypted', { MatchAnyObjectEncryption: [{ NOTSSE: {} }] }],
  ])('that nothing passes fail the job: %s', async (_, Filter) => {
    const { stack } = await start();
    await put(stack, 'a');
    expect(await stack.run(generatorJob({ Filter }))).toMatchObject({
      Status: 'Failed',
      ProgressSummary: { TotalNumberOfTasks: 0, NumberOfTasksSucceeded: 0, NumberOfTasksFailed: 0 },
      FailureReasons: [{ FailureReason: 'Manifest generation found no keys matching the filter criteria.' }],
    });
    expect(await keysIn(stack.s3, 'reports')).toEqual([]);
  });
});

test('objects are selected by the replication configuration and by their replication status', async () => {
  const { invoked, stack } = await start();
  const VersioningConfiguration = { Status: 'Enabled' as const };
  for (const Bucket of ['data', 'manifests']) {
    await stack.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  await put(stack, 'copied/before');
  const rule = { ID: 'copied', Priority: 1, Status: 'Enabled', Filter: { Prefix: 'copied/' } } as const;
  const Destination = { Bucket: 'arn:aws:s3:::manifests' };
  const Rules = [{ ...rule, Destination, DeleteMarkerReplication: { Status: 'Disabled' as const } }];
  const Role = 'arn:aws:iam::000000000000:role/replication';
  const ReplicationConfiguration = { Role, Rules };
  await stack.s3.send(new PutBucketReplicationCommand({ Bucket: 'data', ReplicationConfiguration }));
  await put(stack, 'copied/after');
  await put(stack, 'other');
  await stack.clock.advance(60_000);
  const keys = async (Filter: JobManifestGeneratorFilter) => {
    invoked.length = 0;
    await stack.run(generatorJob({ Filter }));
    return invoked.map((key) => key.split(' ')[0]).toSorted();
  };
  expect(await keys({ EligibleForReplication: true })).toEqual(['copied/after', 'copied/before']);
  expect(await keys({ ObjectReplicationStatuses: ['COMPLETED'] })).toEqual(['copied/after']);
  expect(await keys({ EligibleForReplication: true, ObjectReplicationStatuses: ['NONE'] })).toEqual([
    'copied/before',
  ]);
});

test('a bucket with versions is listed by its current versions, without delete markers', async () => {
  const { invoked, stack } = await start();
  await stack.s3.send(
    new PutBucketVersioningCommand({ Bucket: 'data', VersioningConfiguration: { Status: 'Enabled' } }),
  );
  await put(stack, 'a');
  const { VersionId } = await put(stack, 'a');
  await put(stack, 'b');
  await stack.s3.send(new DeleteObjectCommand({ Bucket: 'data', Key: 'b' }));
  const { JobId = '' } = await stack.run(generatorJob());
  expect(invoked).toEqual([`a ${VersionId}`]);
  expect((await reportOf(stack.s3, JobId)).rows.succeeded).toEqual([`data,a,${VersionId},succeeded,200,,`]);
});

test('DescribeJob returns the generator, and no descriptor when the list is not written', async () => {
  const { stack } = await start();
  await put(stack, 'a');
  const request = generatorJob({ Filter: { CreatedAfter: new Date(START_MS - 1000) } });
  const job = await stack.run(request);
  expect(job).toMatchObject({ Status: 'Complete', ManifestGenerator: request.ManifestGenerator });
  expect(job).not.toHaveProperty('GeneratedManifestDescriptor');
  expect(job).not.toHaveProperty('Manifest');
});

describe('a written list', () => {
  test('is an inventory report whose manifest.json the job describes', async () => {
    const { stack } = await start();
    for (const key of ['a', 'd/é "x",y']) await put(stack, key);
    const { JobId, GeneratedManifestDescriptor: descriptor } = await stack.run(generatorJob(output()));
    const key = `gen/job-${JobId}/manifest.json`;
    const { ETag } = await stack.s3.send(new HeadObjectCommand({ Bucket: 'manifests', Key: key }));
    expect(descriptor).toEqual({
      Format: 'S3InventoryReport_CSV_20211130',
      Location: { ObjectArn: `arn:aws:s3:::manifests/${key}`, ETag: ETag?.replaceAll('"', '') },
    });
    const manifest = JSON.parse(await textOf(stack.s3, 'manifests', key));
    expect(manifest).toMatchObject({
      sourceBucket: 'data',
      destinationBucket: 'arn:aws:s3:::manifests',
      fileFormat: 'CSV',
      fileSchema: 'Bucket, Key',
      files: [{ key: expect.stringMatching(/\.csv\.gz$/), size: expect.any(Number) }],
    });
    const data = await stack.s3.send(
      new GetObjectCommand({ Bucket: 'manifests', Key: manifest.files[0].key }),
    );
    const bytes = (await data.Body?.transformToByteArray()) ?? new Uint8Array();
    expect(gunzipSync(bytes).toString()).toBe('"data","a"\n"data","d/%C3%A9%20%22x%22%2Cy"\n');
  });

  test('can be the manifest of another job', async () => {
    const { invoked, stack } = await start();
    const keys = keysOf(1200);
    for (const key of keys) await stack.objects.putObject({ bucket: 'data', key }, Buffer.from('x'));
    const first = await stack.run(generatorJob(output()));
    const { Location } = first.GeneratedManifestDescriptor ?? {};
    const second = await stack.run(
      jobRequest({
        Operation: { LambdaInvoke: { FunctionArn: 'f' } },
        Manifest: { Spec: { Format: 'S3InventoryReport_CSV_20161130' }, Location },
      }),
    );
    expect([first.Status, second.Status]).toEqual(['Complete', 'Complete']);
    expect(invoked.slice(0, 1200).toSorted()).toEqual(keys);
    expect(invoked.slice(1200).toSorted()).toEqual(keys);
  });

  test('is encrypted as requested', async () => {
    const { stack } = await start();
    await put(stack, 'a');
    const { JobId } = await stack.run(
      generatorJob(output({ ManifestEncryption: { SSEKMS: { KeyId: 'k1' } } })),
    );
    const head = await stack.s3.send(
      new HeadObjectCommand({ Bucket: 'manifests', Key: `gen/job-${JobId}/manifest.json` }),
    );
    expect(head).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: expect.stringContaining('k1'),
    });
  });

  test('that cannot be written fails the job', async () => {
    const { stack } = await start();
    await put(stack, 'a');
    expect(await stack.run(generatorJob(output({ Bucket: 'arn:aws:s3:::no-such-bucket' })))).toMatchObject({
      Status: 'Failed',
      FailureReasons: [{ FailureReason: 'Error occurred when preparing manifest: Failed to write manifest' }],
    });
  });
});

test('a source bucket that is missing or has another owner fails the job', async () => {
  const { stack } = await start();
  expect(await stack.run(generatorJob({ SourceBucket: 'arn:aws:s3:::no-such-bucket' }))).toMatchObject({
    Status: 'Failed',
    FailureReasons: [{ FailureReason: expect.stringContaining('NoSuchBucket') }],
  });
  expect(await stack.run(generatorJob({ ExpectedBucketOwner: '123456789012' }))).toMatchObject({
    Status: 'Failed',
    FailureReasons: [{ FailureReason: expect.stringContaining('123456789012') }],
  });
});

test('a generated list survives a restart and is deleted when the job has ended', async () => {
  const { invoked, stack } = await start({ pace: 100 });
  await stack.s3.send(new CreateBucketCommand({ Bucket: 'many' }));
  const keys = keysOf(700);
  for (const key of keys) await stack.objects.putObject({ bucket: 'many', key }, Buffer.from('x'));
  await stack.run(generatorJob({ SourceBucket: 'arn:aws:s3:::many' }), 3000);
  await stack.batch.stop();
  const { database, clock } = stack;
  const again = await start({ database, clock, pace: 100 });
  await clock.advance(10_000);
  expect([...invoked, ...again.invoked].toSorted()).toEqual(keys);
  await again.stack.batch.stop();
  expect(database.sql('SELECT COUNT(*) AS pieces FROM batchGeneratedRows').get()).toEqual({ pieces: 0 });
});
