import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { JobOperation } from '@aws-sdk/client-s3-control';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { virtualClock } from '../../../local/clock.ts';
import { createRandom } from '../../../local/random.ts';
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
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'batch-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Leaves a job in the folder that is ready to run. */
async function leaveJob(Operation: JobOperation, keys: string[]): Promise<string> {
  const stack = await startBatch({ dir });
  for (const key of keys) await stack.objects.putObject({ bucket: 'data', key }, Buffer.from('x'));
  const request = await stack.request(rowsOf(keys), { Operation, ConfirmationRequired: true });
  const { JobId = '' } = await stack.run(request);
  stack.batch.updateJobStatus({ AccountId, JobId, RequestedJobStatus: 'Ready' });
  await stack.batch.stop();
  stack.database.close();
  return JobId;
}

/** Runs the folder's job in another process, kills that in the middle of it and returns the keys it worked on. */
async function runAndKill(): Promise<string[]> {
  const child = join(import.meta.dirname, '../../support/batch-child.ts');
  const running = spawn(process.execPath, [child, dir, '300'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(running, 'exit');
  const keys: string[] = [];
  for await (const line of createInterface(running.stdout)) {
    const [what, value = ''] = line.split(' ');
    if (what === 'task') keys.push(value);
    if (what === 'done' && Number(value) >= 50) running.kill('SIGKILL');
  }
  expect(await ended).toEqual([null, 'SIGKILL']);
  return keys;
}

test('a killed process goes on where it was: every task has one row, whatever the function saw twice', async () => {
  const keys = keysOf(300);
  const JobId = await leaveJob(LAMBDA, keys);
  const before = await runAndKill();
  const again: string[] = [];
  const stack = await startBatch({
    dir,
    lambda: functionThat((event) => {
      again.push(event.tasks[0]?.s3Key ?? '');
      return answerFor(event, 'Succeeded', 'parent');
    }),
  });
  const { NumberOfTasksSucceeded: recorded = 0 } = stack.describe(JobId).ProgressSummary ?? {};
  await stack.clock.advance(1000);
  expect(stack.describe(JobId)).toMatchObject({
    Status: 'Complete',
    ProgressSummary: { TotalNumberOfTasks: 300, NumberOfTasksSucceeded: 300, NumberOfTasksFailed: 0 },
  });
  const { rows } = await reportOf(stack.s3, JobId);
  expect(rows.succeeded.map(keyOfRow).toSorted()).toEqual(keys);
  expect(recorded).toBeGreaterThanOrEqual(50);
  expect(again).toHaveLength(300 - recorded);
  expect([...new Set([...before, ...again])].toSorted()).toEqual(keys);
  await stack.batch.stop();
  stack.database.close();
});

test('what a stopped engine had recorded is not run again, and each stretch adds to the time in Active', async () => {
  const database = openDatabase();
  const clock = virtualClock(Date.UTC(2026, 0, 1));
  const options: BatchStackOptions = { database, clock, pace: 10 };
  const seen: string[] = [];
  const lambda = functionThat((event) => {
    seen.push(event.tasks[0]?.s3Key ?? '');
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
  expect(seen.toSorted()).toEqual(keysOf(100));
  expect(second.describe(JobId)).toMatchObject({
    Status: 'Complete',
    ProgressSummary: { NumberOfTasksSucceeded: 100, Timers: { ElapsedTimeInActiveSeconds: 10 } },
  });
});

test('however often the engine stops, and whichever tasks come back first, each task has one row', async () => {
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
  await fc.assert(property, { numRuns: 15 });
});

test('after a kill exactly the recorded tasks have changed their objects', async () => {
  const keys = keysOf(200);
  const JobId = await leaveJob(TAGGING, keys);
  await runAndKill();
  const stack = await startBatch({ dir, pace: 0.001 });
  const { NumberOfTasksSucceeded: recorded = 0 } = stack.describe(JobId).ProgressSummary ?? {};
  const tags = await Promise.all(keys.map((key) => tagsOf(stack.s3, key)));
  expect(recorded).toBeGreaterThanOrEqual(50);
  expect(tags.filter(({ team }) => team === 'media')).toHaveLength(recorded);
  await stack.batch.stop();
  stack.database.close();
});
