import { setTimeout } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { endedJob, type JobResource } from './jobs.ts';
import type { Part } from './parts.ts';
import { BUCKET, type StackProcess, startProcess } from './stack-process.ts';

const FEW = 100_000;
const MANY = 1_000_000;
/** Objects that exist. Each has many rows. */
const THERE = 1000;
/** Memory with many rows against that with few. */
const MEMORY_GROWTH = 1.5;
/** Long enough to put the missing object before the retry starts. */
const AFTER_SECONDS = 10;

/** An automatic retry of many failed tasks needs as much memory as one of few, and runs each of them once. */
export const retry: Part = async ({ dir }) => {
  const few = await peakOf(`${dir}/few`, FEW);
  const many = await peakOf(`${dir}/many`, MANY);
  if (many > few * MEMORY_GROWTH)
    throw new Error(`memory is ${many} MB for ${MANY} failed tasks, and ${few} MB for ${FEW}`);
  return `${MANY} failed tasks retried by itself; memory ${many} MB, and ${few} MB for ${FEW}`;
};

/** Peak memory in MB of a stack that runs a job of which so many tasks fail, and its retry. */
async function peakOf(dir: string, failing: number): Promise<number> {
  const stack = await startProcess(dir);
  let peak = 0;
  let isOver = false;
  const sampled = (async () => {
    for (; !isOver; await setTimeout(200)) peak = Math.max(peak, stack.memory());
  })();
  const there = Array.from({ length: THERE }, (_, n) => `there/${n}`);
  for (const key of there) await put(stack, key);
  // A third fails, the last in the order of keys: a job of which more than half fail ends.
  const rows = there.map((key) => `${BUCKET},${key}\n${BUCKET},zz\n${BUCKET},${key}\n`);
  await put(stack, 'list.csv', rows.join('').repeat(failing / THERE));
  const first = await post(stack.apiUrl, {
    Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'retried', Value: 'yes' }] } },
    Manifest: { Location: { ObjectArn: `arn:aws:s3:::${BUCKET}/list.csv` } },
    Retry: { Times: 1, AfterSeconds: AFTER_SECONDS, Codes: ['NoSuchKey'] },
  });
  const parent = await endedJob(stack.apiUrl, first.jobRequestId);
  await put(stack, 'zz');
  const [child, ...others] = await childrenOf(stack.apiUrl, first.jobRequestId);
  const retried = await endedJob(stack.apiUrl, child?.jobRequestId ?? '');
  isOver = true;
  await sampled;
  await stack.kill();
  const found = [parent.progress?.failed, retried.progress?.succeeded, others.length];
  if (`${found}` !== `${[failing, failing, 0]}`) throw new Error(`failed, retried, other children: ${found}`);
  return Math.round(peak);
}

/** The job has ended before its retry is started. */
async function childrenOf(apiUrl: string, id: string) {
  for (;;) {
    const { children = [] } = await endedJob(apiUrl, id);
    if (children.length > 0) return children;
    await setTimeout(200);
  }
}

const put = ({ s3 }: StackProcess, Key: string, Body = 'x') =>
  s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));

async function post(apiUrl: string, body: object): Promise<JobResource> {
  const response = await fetch(`${apiUrl}/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`POST /jobs returned ${response.status}: ${text}`);
  return JSON.parse(text) as JobResource;
}
