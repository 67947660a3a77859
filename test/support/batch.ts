import {
  CreateBucketCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type {
  CreateJobRequest,
  JobDescriptor,
  JobOperation,
  S3ControlClient,
} from '@aws-sdk/client-s3-control';
import type { S3Limits } from '../../local/aws/s3/core.ts';
import { createS3 } from '../../local/aws/s3/s3.ts';
import { createS3Control } from '../../local/aws/s3control/s3control.ts';
import { type Batch, type BatchSettings, createBatch } from '../../local/batch/batch.ts';
import type { ObjectStore } from '../../local/batch/object-store.ts';
import { type VirtualClock, virtualClock } from '../../local/core/clock.ts';
import { createRandom } from '../../local/core/random.ts';
import type { LambdaAnswer } from '../../local/lambda/lambda.ts';
import { type Database, openDatabase } from '../../local/store/database.ts';
import { START_MS, s3Client } from './s3.ts';
import { s3ControlClient } from './s3control.ts';

export const AccountId = '000000000000';
export const DAY_MS = 24 * 60 * 60 * 1000;
export const TAGGING: JobOperation = { S3PutObjectTagging: { TagSet: [{ Key: 'team', Value: 'media' }] } };

export interface BatchStack {
  batch: Batch;
  s3: S3Client;
  control: S3ControlClient;
  clock: VirtualClock;
  database: Database;
  objects: ObjectStore;
  log: string[];
  /** Puts an object and returns its ETag. */
  put(bucket: string, key: string, body: string | Uint8Array): Promise<string>;
  /** Puts a manifest of `data` and returns a request for a job over it. */
  request(rows: string | Uint8Array, overrides?: Partial<CreateJobRequest>): Promise<CreateJobRequest>;
  describe(jobId: string): JobDescriptor;
  /** Creates the job and lets time pass until the engine is idle. */
  run(request: CreateJobRequest, ms?: number): Promise<JobDescriptor>;
}

export interface BatchStackOptions extends Partial<BatchSettings> {
  dir?: string;
  limits?: Partial<S3Limits>;
  /** Wraps the store between the engine and S3. */
  wrap?: (objects: ObjectStore) => ObjectStore;
}

/** S3 and S3 Batch Operations on a virtual clock, with the buckets `data`, `manifests` and `reports`. */
export async function startBatch({
  dir,
  wrap,
  limits = {},
  ...settings
}: BatchStackOptions = {}): Promise<BatchStack> {
  const database = settings.database ?? openDatabase(dir);
  const clock = (settings.clock as VirtualClock | undefined) ?? virtualClock(START_MS);
  const random = createRandom('batch');
  const { handle, objects } = createS3({ database, clock, random, limits, log: () => {} });
  const log: string[] = [];
  const batch = createBatch({
    lambda: functionThat(() => ({})),
    log: (line) => log.push(line),
    ...settings,
    database,
    clock,
    random,
    objects: wrap?.(objects) ?? objects,
  });
  const s3 = s3Client(handle);
  for (const Bucket of ['data', 'manifests', 'reports']) {
    if (!(await objects.bucketExists(Bucket))) await s3.send(new CreateBucketCommand({ Bucket }));
  }
  batch.start();
  const put = async (Bucket: string, Key: string, Body: string | Uint8Array) => {
    const { ETag = '' } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(Body) }));
    return ETag.replaceAll('"', '');
  };
  const describe = (jobId: string) => batch.describeJob({ AccountId, JobId: jobId }).Job as JobDescriptor;

  return {
    batch,
    s3,
    control: s3ControlClient(createS3Control({ batch, random }).handle),
    clock,
    database,
    objects,
    log,
    put,
    describe,
    async request(rows, overrides) {
      const key = `manifest-${random.hex(8)}.csv`;
      return jobRequest({ Manifest: manifestAt(key, await put('manifests', key, rows)), ...overrides });
    },
    async run(request, ms = 1000) {
      const { JobId = '' } = batch.createJob(request);
      await clock.advance(ms);
      return describe(JobId);
    },
  };
}

export const manifestAt = (key: string, ETag: string): NonNullable<CreateJobRequest['Manifest']> => ({
  Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
  Location: { ObjectArn: `arn:aws:s3:::manifests/${key}`, ETag },
});

let tokens = 0;

/** A valid request, without a manifest, for a job that tags objects and reports all tasks. */
export const jobRequest = (overrides: Partial<CreateJobRequest> = {}): CreateJobRequest => ({
  AccountId,
  ClientRequestToken: `token-${++tokens}`,
  Operation: TAGGING,
  Report: {
    Enabled: true,
    Bucket: 'arn:aws:s3:::reports',
    Format: 'Report_CSV_20180820',
    Prefix: 'made',
    ReportScope: 'AllTasks',
  },
  Priority: 10,
  RoleArn: 'arn:aws:iam::000000000000:role/batch-operations',
  ConfirmationRequired: false,
  ...overrides,
});

export const rowsOf = (keys: readonly string[], bucket = 'data'): string =>
  keys.map((key) => `${bucket},${encodeURIComponent(key)}\n`).join('');

export const keysOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `key-${String(index).padStart(6, '0')}`);

export async function textOf(s3: S3Client, Bucket: string, Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString()) ?? '';
}

export async function keysIn(s3: S3Client, Bucket: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key = '' }) => Key);
}

export async function tagsOf(s3: S3Client, Key: string, VersionId?: string): Promise<Record<string, string>> {
  const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket: 'data', Key, VersionId }));
  return Object.fromEntries(TagSet.map((tag) => [tag.Key, tag.Value]));
}

export interface Report {
  manifest: { Format: string; ReportCreationDate: string; ReportSchema: string; Results: ResultFile[] };
  rows: { succeeded: string[]; failed: string[] };
}

interface ResultFile {
  TaskExecutionStatus: 'succeeded' | 'failed';
  Bucket: string;
  MD5Checksum: string;
  Key: string;
}

/** The completion report of a job, with the rows of its result files. */
export async function reportOf(s3: S3Client, jobId: string, prefix = 'made/'): Promise<Report> {
  const manifest = JSON.parse(await textOf(s3, 'reports', `${prefix}job-${jobId}/manifest.json`));
  const rows: Report['rows'] = { succeeded: [], failed: [] };
  for (const { TaskExecutionStatus, Key } of (manifest as Report['manifest']).Results) {
    rows[TaskExecutionStatus].push(...(await textOf(s3, 'reports', Key)).split('\n').slice(0, -1));
  }
  return { manifest, rows };
}

export interface LambdaTask {
  taskId: string;
  s3Key: string;
  s3VersionId: string | null;
  s3Bucket?: string;
  s3BucketArn?: string;
}

export interface LambdaEvent {
  invocationSchemaVersion: string;
  invocationId: string;
  job: { id: string; userArguments?: Record<string, string> };
  tasks: LambdaTask[];
}

/** A Lambda whose one function answers each event with what `answer` returns, or throws what it throws. */
export const functionThat = (answer: (event: LambdaEvent) => unknown) => ({
  invoke: async (_name: string, payload: string): Promise<LambdaAnswer> => {
    const result = await answer(JSON.parse(payload));
    return { payload: typeof result === 'string' ? result : JSON.stringify(result) };
  },
});

/** The contract's answer with the same result for every task. */
export const answerFor = (event: LambdaEvent, resultCode: string, resultString = '') => ({
  invocationSchemaVersion: event.invocationSchemaVersion,
  invocationId: event.invocationId,
  treatMissingKeysAs: 'PermanentFailure',
  results: event.tasks.map(({ taskId }) => ({ taskId, resultCode, resultString })),
});
