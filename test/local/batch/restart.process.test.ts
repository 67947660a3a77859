import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { JobOperation } from '@aws-sdk/client-s3-control';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ObjectStore } from '../../../local/batch/object-store.ts';
import { virtualClock } from '../../../local/core/clock.ts';
import { createRandom } from '../../../local/core/random.ts';
import { openDatabase } from '../../../local/store/database.ts';
import {
  AccountId,
  answerFor,
  type BatchStackOptions,
  functionThat,
  keysOf,
  reportOf,
  rowsOf,
  startBatch,
  TAGGING,
  tagsOf,
} from '../../support/batch.ts';

const LAMBDA: JobOperation = { LambdaInvoke: { FunctionArn: 'f' } };
const keyOfRow = (row: string) => row.split(',')[1];

let dir: string;
let running: ChildProcess | undefined;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'batch-'));
});
afterEach(async () => {
  running?.kill('SIGKILL');
  await rm(dir, { recursive: true, force: true });
});

/** Stores a job for each operation in the folder, all ready to run. */
async function leaveJobs(operations: JobOperation[], keys: string[]): Promise<string[]> {
  const stack = await startBatch({ dir });
  for (const key of keys) await stack.objects.putObject({ bucket: 'data', key }, Buffer.from('x'));
  const jobIds: string[] = [];
  for (const Operation of operations) {
    const request = await stack.request(rowsOf(keys), { Operation, ConfirmationRequired: true });
    jobIds.push((await stack.run(request)).JobId ?? '');
  }
  for (const JobId of jobIds) {
    stack.batch.updateJobStatus({ AccountId, JobId, RequestedJobStatus: 'Ready' });
  }
  await stack.batch.stop();
  stack.database.close();
  return jobIds;
}

/** Runs the folder's jobs in another process, kills it in the middle and returns the keys that its function received. */
async function runAndKill(pace: number, done: number): Promise<string[]> {
  const child = join(import.meta.dirname, '../../support/batch-child.ts');
  const spawned = spawn(process.execPath, [child, dir, String(pace)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running = spawned;
  const ended = once(spawned, 'exit');
  const keys: string[] = [];
  for await (const line of createInterface(spawned.stdout)) {
    const [what, value = ''] = line.split(' ');
    if (what === 'task') keys.push(value);
    if (what === 'done' && Number(value) >= done) spawned.kill('SIGKILL');
  }
  expect(await ended).toEqual([null, 'SIGKILL']);
  return keys;
}

test('jobs of a killed process are resumed: no effect without its record, one row for each task', async () => {
  const keys = keysOf(150);
  const [invoking = '', tagging = ''] = await leaveJobs([LAMBDA, TAGGING], keys);
  const before = await runAndKill(200, 50);
  const again: string[] = [];
  const lambda = functionThat((event) => {
    again.push(event.tasks[0]?.s3Key ?? '');
    return answerFor(event, 'Succeeded');
  });
  const stack = await startBatch({ dir, lambda, pace: 200 });
  const recorded = (jobId: string) => stack.describe(jobId).ProgressSummary?.NumberOfTasksSucceeded ?? 0;
  const tags = await Promise.all(keys.map((key) => tagsOf(stack.s3, key)));
  expect(tags.filter(({ team }) => team === 'media')).toHaveLength(recorded(tagging));

  const invoked = recorded(invoking);
  expect(invoked).toBeGreaterThanOrEqual(30);
  await stack.clock.advance(10_000);
  for (const jobId of [invoking, tagging]) {
    expect(stack.describe(jobId)).toMatchObject({
      Status: 'Complete',
      ProgressSummary: { TotalNumberOfTasks: 150, NumberOfTasksSucceeded: 150, NumberOfTasksFailed: 0 },
    });
    const { rows } = await reportOf(stack.s3, jobId);
    expect(rows.succeeded.map(keyOfRow).toSorted()).toEqual(keys);
  }
  expect(again).toHaveLength(150 - invoked);
  expect([...new Set([...before, ...again])].toSorted()).toEqual(keys);
  await stack.batch.stop();
  stack.database.close();
});

test('tasks that a stopped engine has recorded do not run again, and each run adds to the time in Active', async () => {
  const database = openDatabase();
  const clock = virtualClock(Date.UTC(2026, 0, 1));
  const options: BatchStackOptions = { database, clock, pace: 10 };
  const invoked: string[] = [];
  const lambda = functionThat((event) => {
    invoked.push(event.tasks[0]?.s3Key ?? '');
    return answerFor(event, 'Succeeded');
  });
  const first = await startBatch({ ...options, lambda });
  const { JobId = '' } = await first.run(
    await first.request(rowsOf(keysOf(100)), { Operation: LAMBDA }),
    4000,
  );
  await first.batch.stop();
  await clock.advance(60 * 60 * 1000);
  const second = await startBatch({ ...options, lambda });
  await clock.advance(60_000);
  expect(invoked.toSorted()).toEqual(keysOf(100));
  expect(second.describe(JobId)).toMatchObject({
    Status: 'Complete',
    ProgressSummary: { NumberOfTasksSucceeded: 100, Timers: { ElapsedTimeInActiveSeconds: 10 } },
  });
});

test('each task has one row after any number of stops and any order of completion', async () => {
  const property = fc.asyncProperty(
    fc.string(),
    fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
    fc.integer({ min: 1, max: 20 }),
    async (seed, stops, concurrency) => {
      const database = openDatabase();
      const clock = virtualClock(Date.UTC(2026, 0, 1));
      const random = createRandom(seed);
      const lambda = functionThat(async (event) => {
        await clock.sleep(random.next() * 20);
        return answerFor(event, random.next() < 0.5 ? 'Succeeded' : 'PermanentFailure');
      });
      const start = () => startBatch({ database, clock, lambda, concurrency });
      let stack = await start();
      const request = await stack.request(rowsOf(keysOf(60)), { Operation: LAMBDA });
      const { JobId = '' } = await stack.run(request, 1);
      for (const ms of stops) {
        await stack.batch.stop();
        stack = await start();
        await clock.advance(ms);
      }
      await clock.advance(60_000);
      const job = stack.describe(JobId);
      const { rows } = await reportOf(stack.s3, JobId);
      expect([...rows.succeeded, ...rows.failed].map(keyOfRow).toSorted()).toEqual(keysOf(60));
      expect(job).toMatchObject({
        Status: 'Complete',
        ProgressSummary: {
          NumberOfTasksSucceeded: rows.succeeded.length,
          NumberOfTasksFailed: rows.failed.length,
        },
      });
    },
  );
  await fc.assert(property, { numRuns: 10 });
});

test('objects are changed in key order for any order of the manifest, each once for any number of stops', async () => {
  const keys = keysOf(2000);
  const property = fc.asyncProperty(
    fc.shuffledSubarray(keys, { minLength: keys.length }),
    fc.array(fc.integer({ min: 100, max: 900 }), { maxLength: 3 }),
    async (shuffled, stops) => {
      const database = openDatabase();
      const clock = virtualClock(Date.UTC(2026, 0, 1));
      const changed: string[] = [];
      const wrap = (objects: ObjectStore): ObjectStore => ({
        ...objects,
        putObjectTagging: ({ key }) => void changed.push(key),
      });
      const start = () => startBatch({ database, clock, wrap, pace: 1000 });
      let stack = await start();
      const { JobId = '' } = await stack.run(await stack.request(rowsOf(shuffled)), 1);
      for (const ms of stops) {
        await clock.advance(ms);
        await stack.batch.stop();
        stack = await start();
      }
      await clock.advance(60_000);
      expect(stack.describe(JobId)).toMatchObject({
        Status: 'Complete',
        ProgressSummary: { NumberOfTasksSucceeded: keys.length },
      });
      expect(changed).toEqual(keys);
    },
  );
  await fc.assert(property, { numRuns: 4 });
});
