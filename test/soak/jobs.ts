import { setTimeout } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { BUCKET, type StackProcess } from './stack-process.ts';

const TASKS = 300;
const DEADLINE_MS = 180_000;

export interface JobResource {
  jobRequestId: string;
  state: string;
  outcome: string | null;
  progress: { total: number; succeeded: number; failed: number } | null;
  report: { bucket: string; manifestKey: string } | null;
  children?: { jobRequestId: string }[];
}

const keys = Array.from({ length: TASKS }, (_, n) => `tasks/${n}`);

export async function putTaskObjects({ s3 }: StackProcess): Promise<void> {
  await Promise.all(keys.map((Key) => s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }))));
}

/** Posts a job; undefined when the call gets no answer. Every second job invokes the worker. */
export async function postJob({ apiUrl }: StackProcess, number: number): Promise<string | undefined> {
  const Operation =
    number % 2 === 0
      ? { S3PutObjectTagging: { TagSet: [{ Key: 'round', Value: String(number) }] } }
      : { LambdaInvoke: { UserArguments: { action: 'merge-tags', tags: '{"worker":"yes"}' } } };
  const Objects = keys.map((Key) => ({ Bucket: BUCKET, Key }));
  try {
    const response = await fetch(`${apiUrl}/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `soak-${number}` },
      body: JSON.stringify({ Operation, Objects }),
    });
    const text = await response.text();
    if (response.status !== 202) throw new Error(`POST /jobs returned ${response.status}: ${text}`);
    return (JSON.parse(text) as JobResource).jobRequestId;
  } catch (error) {
    if (error instanceof TypeError) return undefined; // the connection was closed
    throw error;
  }
}

/** Waits for the end of the job. Throws unless all tasks succeeded, with exactly one row each. */
export async function checkJob({ s3, apiUrl }: StackProcess, id: string): Promise<void> {
  const job = await endedJob(apiUrl, id);
  if (job.outcome !== 'Succeeded' || job.progress?.succeeded !== TASKS) {
    throw new Error(`the job request ${id} ended wrongly: ${JSON.stringify(job)}`);
  }
  const rows = await rowsOf(s3, job);
  const names = new Set(rows.map((row) => row.split(',')[1]));
  if (rows.length !== TASKS || names.size !== TASKS) {
    throw new Error(`the report of ${id} has ${rows.length} rows for ${names.size} of ${TASKS} objects`);
  }
}

export async function endedJob(apiUrl: string, id: string): Promise<JobResource> {
  const end = performance.now() + DEADLINE_MS;
  for (;;) {
    const job = (await (await fetch(`${apiUrl}/jobs/${id}`)).json()) as JobResource;
    if (job.state === 'Ended') return job;
    if (performance.now() > end)
      throw new Error(`the job request ${id} does not end: ${JSON.stringify(job)}`);
    await setTimeout(200);
  }
}

async function rowsOf(s3: S3Client, { report }: JobResource): Promise<string[]> {
  const text = async (Key: string | undefined) =>
    (await s3.send(new GetObjectCommand({ Bucket: report?.bucket, Key }))).Body?.transformToString();
  const manifest = JSON.parse((await text(report?.manifestKey)) ?? '{}') as { Results: { Key: string }[] };
  const files = await Promise.all(manifest.Results.map(({ Key }) => text(Key)));
  return files.flatMap((file) => (file ?? '').split('\n').filter(Boolean));
}
