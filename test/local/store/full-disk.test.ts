import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketVersioningCommand,
  ListBucketsCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createS3 } from '../../../local/aws/s3/s3.ts';
import { createRandom } from '../../../local/core/random.ts';
import { openDatabase } from '../../../local/store/database.ts';
import { answerFor, functionThat, keysOf, reportOf, rowsOf, startBatch } from '../../support/batch.ts';
import { fillDisk, freeDisk } from '../../support/full-disk.ts';
import { s3Client, startS3 } from '../../support/s3.ts';
import { createWorkbench, definitionOf, functionArn, outcomeOf } from '../../support/states.ts';

/** All buckets with their versioning. */
async function bucketsOf(client: S3Client) {
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  return Promise.all(
    Buckets.map(async ({ Name: Bucket }) => [
      Bucket,
      (await client.send(new GetBucketVersioningCommand({ Bucket }))).Status,
    ]),
  );
}

test('S3 has the buckets and settings that the database has, whatever failed on a full disk', async () => {
  const Bucket = fc.integer({ min: 0, max: 150 }).map((n) => `bucket-${n}-${'x'.repeat(50)}`);
  const calls = fc.oneof(
    { weight: 4, arbitrary: Bucket.map((name) => new CreateBucketCommand({ Bucket: name })) },
    Bucket.map((name) => new DeleteBucketCommand({ Bucket: name })),
    Bucket.map(
      (name) =>
        new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: { Status: 'Enabled' } }),
    ),
  );
  let failures = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(calls, { minLength: 150, maxLength: 200 }), async (commands) => {
      const { client, database, clock } = startS3();
      fillDisk(database);
      for (const command of commands) {
        await client.send(command as CreateBucketCommand).catch(({ $metadata }) => {
          if ($metadata?.httpStatusCode === 500) failures++;
        });
      }
      const restarted = createS3({ database, clock, random: createRandom('s3'), log: () => {} });
      expect(await bucketsOf(client)).toEqual(await bucketsOf(s3Client(restarted.handle)));
    }),
    { numRuns: 3 },
  );
  expect(failures).toBeGreaterThan(0);
});

const times = fc.record({
  fullAtMs: fc.integer({ min: 0, max: 150 }),
  fullForMs: fc.integer({ min: 1, max: 5000 }),
});

/** The object's row needs more room than before, so that the task itself fails. */
const LARGE_TAGS = {
  S3PutObjectTagging: {
    TagSet: Array.from({ length: 10 }, (_, n) => ({ Key: `key-${n}`, Value: 'v'.repeat(256) })),
  },
};

test.each([0, 1, 2, 5, 10, 20])(
  'tasks that do not fit on the disk run again, with %d free pages at their start',
  async (freePages) => {
    const stack = await startBatch({ pace: 400 });
    const keys = keysOf(60);
    for (const key of keys) await stack.objects.putObject({ bucket: 'data', key }, new Uint8Array());
    const { JobId = '' } = stack.batch.createJob(
      await stack.request(rowsOf(keys), { Operation: LARGE_TAGS }),
    );
    fillDisk(stack.database, freePages);
    await stack.clock.advance(3000);
    freeDisk(stack.database);
    await stack.clock.advance(10_000);
    expect(stack.describe(JobId).ProgressSummary).toMatchObject({ NumberOfTasksSucceeded: 60 });
    const { rows } = await reportOf(stack.s3, JobId);
    expect(rows).toMatchObject({ failed: [] });
    expect(rows.succeeded.map((row) => row.split(',')[1]).toSorted()).toEqual(keys);
  },
);

test('a job on a full disk continues when there is room, with one row for each task', async () => {
  let pauses = 0;
  await fc.assert(
    fc.asyncProperty(times, fc.boolean(), fc.nat(5), async ({ fullAtMs, fullForMs }, isLambda, freePages) => {
      const stack = await startBatch({
        pace: 400,
        concurrency: 20,
        lambda: functionThat(async (event) => {
          await stack.clock.sleep(20);
          return answerFor(event, 'Succeeded');
        }),
      });
      const keys = keysOf(60).map((key) => `${key}-${'x'.repeat(800)}`);
      for (const key of keys) await stack.objects.putObject({ bucket: 'data', key }, new Uint8Array());
      const request = await stack.request(
        rowsOf(keys),
        isLambda ? { Operation: { LambdaInvoke: { FunctionArn: 'f' } } } : { Operation: LARGE_TAGS },
      );
      const { JobId = '' } = stack.batch.createJob(request);
      await stack.clock.advance(fullAtMs);
      fillDisk(stack.database, freePages);
      await stack.clock.advance(fullForMs);
      freeDisk(stack.database);
      await stack.clock.advance(10_000);
      expect(stack.describe(JobId)).toMatchObject({
        Status: 'Complete',
        ProgressSummary: { NumberOfTasksSucceeded: 60, NumberOfTasksFailed: 0 },
      });
      const { rows } = await reportOf(stack.s3, JobId);
      expect(rows.succeeded.map((row) => row.split(',')[1]).toSorted()).toEqual(keys.toSorted());
      pauses += stack.log.filter((line) =>
        line.endsWith('the disk is full; the job continues when there is room'),
      ).length;
    }),
    { numRuns: 8 },
  );
  expect(pauses).toBeGreaterThan(0);
}, 60_000);

const MACHINE = definitionOf({
  First: { Type: 'Task', Resource: functionArn('grow'), Next: 'Pause' },
  Pause: { Type: 'Wait', Seconds: 1, Next: 'Second' },
  Second: { Type: 'Task', Resource: functionArn('grow'), Next: 'Count' },
  Count: { Type: 'Pass', Output: '{% $length($states.input) %}', End: true },
});
const grow = () => 'x'.repeat(60_000);

test('an execution on a full disk continues when there is room', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 990 }),
      fc.integer({ min: 1100, max: 8000 }),
      async (fullAtMs, fullForMs) => {
        const database = openDatabase();
        const bench = createWorkbench({ definition: MACHINE, handlers: { grow }, database });
        const arn = bench.start({}, 'one');
        await bench.clock.advance(fullAtMs);
        fillDisk(database);
        await bench.clock.advance(fullForMs);
        expect(outcomeOf(bench.stateMachines, arn).status).toBe('RUNNING');
        freeDisk(database);
        await bench.untilEnd(arn);
        const { status, output, types } = outcomeOf(bench.stateMachines, arn);
        expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: 60_000 });
        expect(types.filter((type) => type === 'ExecutionSucceeded')).toHaveLength(1);
        await bench.stateMachines.stop();
      },
    ),
    { numRuns: 20 },
  );
});

test('an execution that cannot be stopped on a full disk stays RUNNING and can be stopped later', async () => {
  const database = openDatabase();
  const definition = definitionOf({
    Pause: { Type: 'Wait', Seconds: 60, Next: 'Done' },
    Done: { Type: 'Succeed' },
  });
  const bench = createWorkbench({ definition, database });
  const executionArn = bench.start({}, 'one');
  await bench.clock.advance(1);
  fillDisk(database);
  const stop = () => bench.stateMachines.stopExecution({ executionArn, cause: 'x'.repeat(30_000) });
  expect(stop).toThrow('database or disk is full');
  expect(bench.stateMachines.describeExecution({ executionArn }).status).toBe('RUNNING');
  freeDisk(database);
  stop();
  expect(outcomeOf(bench.stateMachines, executionArn)).toMatchObject({ status: 'ABORTED' });
});

test('an execution on a full disk is ended by its time limit when there is room', async () => {
  const database = openDatabase();
  const definition = definitionOf(
    { Pause: { Type: 'Wait', Seconds: 60, Next: 'Done' }, Done: { Type: 'Succeed' } },
    { TimeoutSeconds: 2 },
  );
  const bench = createWorkbench({ definition, database });
  const executionArn = bench.start({ text: 'x'.repeat(50_000) }, 'one');
  await bench.clock.advance(1);
  fillDisk(database);
  await bench.clock.advance(5000);
  freeDisk(database);
  await bench.clock.advance(5000);
  expect(outcomeOf(bench.stateMachines, executionArn)).toMatchObject({ status: 'TIMED_OUT' });
});
