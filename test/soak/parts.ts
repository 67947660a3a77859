import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { HeadObjectCommand, PutObjectCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import type { Random } from '../../local/core/random.ts';
import { checkJob, postJob, putTaskObjects } from './jobs.ts';
import { BUCKET, type StackProcess, startProcess } from './stack-process.ts';
import { createWriters, read } from './writers.ts';

export interface SoakSettings {
  /** An empty folder. */
  dir: string;
  random: Random;
  requests: number;
  kills: number;
}

/** One part of the soak: throws when something is wrong, otherwise returns what it did. */
export type Part = (settings: SoakSettings) => Promise<string>;

const CALLERS = 16;
/** Memory of the second half of the requests against that of the first half, after both have warmed up. */
const MEMORY_GROWTH = 1.25;

/** Many requests leave the memory of the process as it was. */
export const memory: Part = async ({ dir, requests }) => {
  const stack = await startProcess(dir);
  const peaks: [number, number] = [0, 0];
  let next = 0;
  const caller = async () => {
    for (let number = next++; number < requests; number = next++) {
      await oneRequest(stack, number);
      const share = number / requests;
      const half = share < 0.5 ? 0 : 1;
      if (share > 0.25 && number % 100 === 0) peaks[half] = Math.max(peaks[half], stack.memory());
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  await stack.kill();
  const [first, second] = peaks.map(Math.round) as [number, number];
  if (second > first * MEMORY_GROWTH) throw new Error(`memory grew from ${first} MB to ${second} MB`);
  return `${requests} requests; memory ${first} MB in the first half, ${second} MB in the second`;
};

async function oneRequest({ s3, apiUrl }: StackProcess, number: number): Promise<void> {
  const at = { Bucket: BUCKET, Key: `memory/${number % 200}` };
  const kind = Math.floor(number / 200) % 4;
  if (kind === 0) await s3.send(new PutObjectCommand({ ...at, Body: 'x'.repeat(1 + 1000 * (number % 100)) }));
  else if (kind === 1) await s3.send(new HeadObjectCommand(at));
  else if (kind === 2)
    await s3.send(
      new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: [{ Key: 'n', Value: `${number}` }] } }),
    );
  else if (number % 10 === 0) await (await fetch(`${apiUrl}/jobs`)).text();
  else await read(s3, at.Key);
}

const JOB_EVERY = 3;

/** Kills the process in a mixed load, again and again: no acknowledged write is lost, and every job ends correctly. */
export const kills: Part = async ({ dir, random, kills: count }) => {
  const writers = createWriters(random);
  const posted: string[] = [];
  let stack = await startProcess(dir);
  await putTaskObjects(stack);
  for (let round = 0; round < count; round++) {
    const load = writers.run(stack.s3);
    const job = postJob(stack, round);
    if (round % JOB_EVERY === 0) await job; // in the other rounds, the kill may come before the answer
    await setTimeout(300 + random.next() * 1200);
    await stack.kill();
    await load;
    const id = await job;
    if (id !== undefined) posted.push(id);
    stack = await startProcess(dir);
    await writers.check(stack.s3);
  }
  for (const id of posted) await checkJob(stack, id);
  await stack.kill();
  return `${count} times kill -9; ${writers.acknowledged} acknowledged writes are kept, ${posted.length} jobs have one row for each task`;
};

/** Few enough to stay in the log: SQLite copies it into the database at 1,000 pages. */
const OBJECTS = 100;

/**
 * A damaged write-ahead log: what was written before the damage is kept, in order and complete, and the stack works.
 * SQLite drops all commits from the damaged one on.
 */
export const wal: Part = async ({ dir, random }) => {
  const first = await startProcess(dir);
  for (let n = 0; n < OBJECTS; n++) {
    await first.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `wal/${n}`, Body: `${n}` }));
  }
  await first.kill();
  const file = join(dir, readdirSync(dir).find((name) => name.endsWith('brigade.sqlite-wal')) ?? '');
  const size = statSync(file).size;
  const bytes = readFileSync(file);
  const at = Math.floor(size * (0.5 + random.next() / 2));
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  writeFileSync(file, bytes);

  const second = await startProcess(dir);
  const found: boolean[] = [];
  for (let n = 0; n < OBJECTS; n++) {
    const content = await read(second.s3, `wal/${n}`);
    if (content !== undefined && content !== `${n}`) throw new Error(`wal/${n} has the content ${content}`);
    found.push(content !== undefined);
  }
  const kept = found.lastIndexOf(true) + 1;
  if (kept === 0 || found.slice(0, kept).includes(false)) {
    throw new Error(
      `of the objects up to ${kept}, ${found.slice(0, kept).filter((isThere) => !isThere).length} are lost`,
    );
  }
  if (kept === OBJECTS) throw new Error('the damage had no effect');
  await putTaskObjects(second);
  await checkJob(second, (await postJob(second, 0)) ?? '');
  await second.kill();
  return `one byte of ${size} was changed; the first ${kept} of ${OBJECTS} writes are kept, and a job runs`;
};
