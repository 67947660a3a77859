import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { CreateJobRequest, JobDescriptor } from '@aws-sdk/client-s3-control';
import { createS3 } from '../../local/aws/s3/s3.ts';
import { createBatch } from '../../local/batch/batch.ts';
import { ACCOUNT_ID, REGION } from '../../local/core/account.ts';
import { realClock } from '../../local/core/clock.ts';
import type { Random } from '../../local/core/random.ts';
import { type Database, openDatabase } from '../../local/store/database.ts';
import { isDiskFull } from '../../local/store/disk-full.ts';
import { answerFor, functionThat, jobRequest, manifestAt, rowsOf } from '../support/batch.ts';
import { fillDisk, freeDisk } from '../support/full-disk.ts';
import { createBucket } from '../support/operations.ts';
import { s3Client } from '../support/s3.ts';
import type { Part } from './parts.ts';

const CLIENT = { region: REGION, credentials: { accessKeyId: 'soak', secretAccessKey: 'none' } };
const ROUNDS = 20;
const TASKS = 2_000;
const DEADLINE_MS = 120_000;

/** S3 and the jobs in this process, because the limit of the database can only be set on its connection. */
function open(dir: string, random: Random) {
  const database = openDatabase(dir);
  const clock = realClock();
  const s3 = createS3({ database, clock, random, log: () => {} });
  const lambda = functionThat((event) => answerFor(event, 'Succeeded'));
  const batch = createBatch({ database, clock, random, objects: s3.objects, lambda, pace: 2_000 });
  batch.start();
  return { database, s3, batch, client: s3Client(s3.handle, CLIENT) };
}

/** Fills and frees the disk again and again under jobs and writes: both are complete in the end. */
export const disk: Part = async ({ dir, random }) => {
  const folder = join(dir, 'state');
  const stack = open(folder, random);
  const { objects } = stack.s3;
  for (const name of ['data', 'manifests', 'reports']) await createBucket(stack.client, name);
  const keys = Array.from({ length: TASKS }, (_, n) => `${n}-${'k'.repeat(200)}`);
  for (const key of keys) await objects.putObject({ bucket: 'data', key }, new Uint8Array());
  const { etag } = await objects.putObject({ bucket: 'manifests', key: 'm.csv' }, Buffer.from(rowsOf(keys)));
  const operations: CreateJobRequest['Operation'][] = [
    { S3PutObjectTagging: { TagSet: [{ Key: 'a', Value: 'b' }] } },
    { LambdaInvoke: { FunctionArn: 'f' } },
  ];
  const jobIds = operations.map((Operation) => {
    const request = jobRequest({ Manifest: manifestAt('m.csv', etag), Operation });
    return stack.batch.createJob(request).JobId ?? '';
  });

  const written = new Map<string, string>();
  let refused = 0;
  let isOver = false;
  const writer = async () => {
    for (let n = 0; !isOver; n++) {
      const text = `${n} `.padEnd(n % 3 === 0 ? 100_000 : 3_000, 'x');
      try {
        await objects.putObject({ bucket: 'data', key: `written-${n}` }, Buffer.from(text));
        written.set(`written-${n}`, text);
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        refused++;
      }
      await setTimeout(2);
    }
  };
  const writing = writer();
  await fillAndFree(stack.database, random);
  isOver = true;
  await writing;

  const describe = (JobId: string) => stack.batch.describeJob({ AccountId: ACCOUNT_ID, JobId }).Job ?? {};
  for (const jobId of jobIds) await checkEnd(() => describe(jobId));
  await stack.batch.stop();
  stack.database.close();

  const again = open(folder, random);
  for (const [key, text] of written) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of again.s3.objects.readObject({ bucket: 'data', key })) chunks.push(chunk);
    if (Buffer.concat(chunks).toString() !== text) throw new Error(`${key} is damaged`);
  }
  await again.batch.stop();
  again.database.close();
  if (refused === 0) throw new Error('the disk was never full');
  return `the disk was full ${ROUNDS} times; ${refused} writes were refused, ${written.size} are kept, ${jobIds.length} jobs are complete`;
};

async function fillAndFree(database: Database, random: Random): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    await setTimeout(random.next() * 300);
    fillDisk(database, Math.floor(random.next() * 10));
    await setTimeout(random.next() * 500);
    freeDisk(database);
  }
}

async function checkEnd(describe: () => JobDescriptor): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  for (;;) {
    const job = describe();
    if (job.Status === 'Complete' && job.ProgressSummary?.NumberOfTasksSucceeded === TASKS) return;
    const isStuck = performance.now() > end || ['Complete', 'Failed', 'Cancelled'].includes(job.Status ?? '');
    if (isStuck) throw new Error(`the job did not complete: ${JSON.stringify(job)}`);
    await setTimeout(200);
  }
}
