import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { CreateJobRequest } from '@aws-sdk/client-s3-control';
import { describe, expect, test } from '@jest/globals';
import { virtualClock } from '../../../local/core/clock.ts';
import { openDatabase } from '../../../local/store/database.ts';
import {
  answerFor,
  type BatchStack,
  type BatchStackOptions,
  functionThat,
  jobRequest,
  keysOf,
  reportOf,
  startBatch,
  tagsOf,
} from '../../support/batch.ts';

const md5 = (content: string | Uint8Array) => createHash('md5').update(content).digest('hex');

interface Inventory {
  /** Rows of each data file. */
  files: string[][];
  schema?: string;
  /** Changes what is written into manifest.json. */
  change?: (manifest: Record<string, unknown>) => unknown;
}

/** Writes an inventory report and returns a request for a job over it. */
async function inventoryJob(stack: BatchStack, { files, schema, change }: Inventory, overrides = {}) {
  const written = [];
  for (const [index, rows] of files.entries()) {
    const data = gzipSync(rows.join('\n') + (rows.length > 0 ? '\n' : ''));
    const key = `inv/data/config/data/${index}.csv.gz`;
    await stack.put('manifests', key, data);
    written.push({ key, size: data.length, MD5checksum: md5(data) });
  }
  const manifest = {
    sourceBucket: 'data',
    destinationBucket: 'arn:aws:s3:::manifests',
    version: '2016-11-30',
    creationTimestamp: '1763769600000',
    fileFormat: 'CSV',
    fileSchema: schema ?? 'Bucket, Key, Size, LastModifiedDate',
    files: written,
  };
  const text = JSON.stringify(change ? change(manifest) : manifest);
  const ETag = await stack.put('manifests', 'inv/manifest.json', text);
  return jobRequest({
    Manifest: {
      Spec: { Format: 'S3InventoryReport_CSV_20161130' },
      Location: { ObjectArn: 'arn:aws:s3:::manifests/inv/manifest.json', ETag },
    },
    ...overrides,
  } as Partial<CreateJobRequest>);
}

const rowsOf = (keys: string[]) =>
  keys.map((key) => `"data","${encodeURIComponent(key)}","3","2026-01-01T00:00:00.000Z"`);

test('a job runs on the objects of all data files of an inventory report', async () => {
  const stack = await startBatch();
  const keys = ['a', 'b c', 'd"e,f', 'é'];
  for (const key of keys) await stack.put('data', key, 'x');
  const files = [rowsOf(keys.slice(0, 2)), [], rowsOf(keys.slice(2))];
  const job = await stack.run(await inventoryJob(stack, { files }));
  expect(job).toMatchObject({
    Status: 'Complete',
    ProgressSummary: { TotalNumberOfTasks: 4, NumberOfTasksSucceeded: 4 },
  });
  for (const key of keys) expect(await tagsOf(stack.s3, key)).toEqual({ team: 'media' });
});

test('version ids are used if the report has them; an empty one fails its task', async () => {
  const stack = await startBatch({ lambda: functionThat((event) => answerFor(event, 'Succeeded')) });
  const files = [['"data","a","v1","true"', '"data","b","","true"']];
  const schema = 'Bucket, Key, VersionId, IsLatest';
  const overrides = { Operation: { LambdaInvoke: { FunctionArn: 'f' } } };
  const { JobId = '' } = await stack.run(await inventoryJob(stack, { files, schema }, overrides));
  expect((await reportOf(stack.s3, JobId)).rows).toEqual({
    succeeded: ['data,a,v1,succeeded,200,,'],
    failed: ['data,b,,failed,400,InvalidRequest,Task failed due to missing VersionId'],
  });
});

test('a restarted job resumes in the middle of a data file and runs each object once', async () => {
  const clock = virtualClock(0);
  const options: BatchStackOptions = { database: openDatabase(), clock, pace: 10 };
  const invoked: string[] = [];
  const lambda = functionThat((event) => {
    invoked.push(...event.tasks.map(({ s3Key }) => s3Key));
    return answerFor(event, 'Succeeded');
  });
  const first = await startBatch({ ...options, lambda });
  const keys = keysOf(100);
  const files = [rowsOf(keys.slice(0, 30)), rowsOf(keys.slice(30))];
  const overrides = { Operation: { LambdaInvoke: { FunctionArn: 'f' } } };
  const { JobId = '' } = await first.run(await inventoryJob(first, { files }, overrides), 5000);
  await first.batch.stop();
  const second = await startBatch({ ...options, lambda });
  await clock.advance(10_000);
  expect(second.describe(JobId)).toMatchObject({ Status: 'Complete' });
  expect(invoked.toSorted()).toEqual(keys);
});

describe('an invalid inventory report fails the job in Preparing', () => {
  const files = [rowsOf(['a'])];
  const failing = async (
    inventory: Partial<Inventory>,
    prepare?: (stack: BatchStack) => Promise<unknown>,
  ) => {
    const stack = await startBatch();
    const request = await inventoryJob(stack, { files, ...inventory });
    await prepare?.(stack);
    const job = await stack.run(request);
    expect(job).toMatchObject({ Status: 'Failed', ProgressSummary: { TotalNumberOfTasks: 0 } });
    return job.FailureReasons;
  };
  const invalid = (FailureReason: string) => [{ FailureCode: 'InvalidManifestContent', FailureReason }];
  const malformed = invalid('Manifest file is not properly formatted');

  test.each<[string, Inventory['change']]>([
    ['in another format', (manifest) => ({ ...manifest, fileFormat: 'ORC' })],
    ['without files', ({ files: _, ...manifest }) => manifest],
    ['without a bucket', ({ destinationBucket: _, ...manifest }) => manifest],
    ['that is a list', () => []],
    ['that is null', () => null],
  ])('%s', async (_, change) => {
    expect(await failing({ change: change as never })).toEqual(malformed);
  });

  test('without any object', async () => {
    expect(await failing({ files: [[]] })).toEqual(malformed);
  });

  test('without keys in its schema', async () => {
    expect(await failing({ schema: 'Bucket, Size' })).toEqual(
      invalid('Required fields are missing in the schema: Key'),
    );
  });

  test('with a data file that has another MD5, is truncated or is missing', async () => {
    const other = gzipSync('"data","b","3","x"\n');
    const replace = (content: Uint8Array) => (stack: BatchStack) =>
      stack.put('manifests', 'inv/data/config/data/0.csv.gz', content);
    expect(await failing({}, replace(other))).toEqual(malformed);
    expect(await failing({}, replace(other.subarray(0, 20)))).toEqual(malformed);
    const gone = (manifest: object) => ({ ...manifest, files: [{ key: 'gone', MD5checksum: '' }] });
    expect(await failing({ change: gone })).toMatchObject([{ FailureCode: 'ManifestReadFailed' }]);
  });

  test('with a data file instead of manifest.json', async () => {
    const stack = await startBatch();
    const request = await inventoryJob(stack, { files });
    const data = gzipSync(rowsOf(['a']).join('\n'));
    const ETag = await stack.put('manifests', 'data.csv.gz', data);
    const Location = { ObjectArn: 'arn:aws:s3:::manifests/data.csv.gz', ETag };
    const job = await stack.run({ ...request, Manifest: { ...request.Manifest, Location } as never });
    expect(job).toMatchObject({ Status: 'Failed', FailureReasons: malformed });
  });
});
