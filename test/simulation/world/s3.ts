import { AwsError } from '../../../local/core/aws-error.ts';
import type { Clock } from '../../../local/core/clock.ts';
import type { Plan } from '../plan.ts';
import { countsAt, endOf, type Job, tasksOf } from './job.ts';

/** The ETag of every object. */
const ETag = '"e1"';

interface Address {
  Bucket?: string;
  Key?: string;
}

type Body = string | Uint8Array | AsyncIterable<Uint8Array>;

interface StoredObject {
  body: Uint8Array;
  at: number;
}

/** The calls of S3 that functions make: for the callers' manifest, stored objects and completion reports. */
export function createS3Model({ service, retries }: Plan, clock: Clock, jobs: readonly Job[]) {
  const rows = Array.from({ length: retries?.rows ?? 0 }, (_, n) => `data,folder/key-${n}\n`);
  const manifest = { body: Buffer.from(rows.join('') || 'data,a\n'), at: clock.now() };
  const stored = new Map<string, StoredObject>([['data/manifest.csv', manifest]]);

  /** A file of a job's report, once S3 has written it. */
  const reportFile = ({ Bucket = '', Key = '' }: Address): StoredObject | undefined => {
    const [, jobId, file] = /^reports\/[0-9a-f]{20}\/job-([^/]+)\/(.+)$/.exec(Key) ?? [];
    const job = jobs.find(({ id }) => id === jobId);
    if (!job || service.reportAfterSeconds === undefined) return undefined;
    const at = endOf(job).from + service.reportAfterSeconds * 1000;
    if (clock.now() < at) return undefined;
    const status = /results\/(\w+)\.csv/.exec(Key)?.[1] ?? '';
    const text =
      file === 'manifest.json'
        ? manifestOf(Bucket, Key)
        : job.rows
          ? reportRowsOf(job, status)
          : failedRowsOf(job, clock);
    return { body: Buffer.from(text), at };
  };

  const find = (address: Address): StoredObject => {
    const found = stored.get(`${address.Bucket}/${address.Key}`) ?? reportFile(address);
    if (found) return found;
    throw new AwsError('NoSuchKey', 404, 'The specified key does not exist.');
  };

  return {
    /** The text of an object, by its ARN. */
    textOf: (arn: string) => String(stored.get(arn.replace('arn:aws:s3:::', ''))?.body ?? ''),
    actions: {
      HeadBucket: (_: Address) => ({ BucketRegion: 'us-east-1' }),

      HeadObject(address: Address) {
        const { body, at } = find(address);
        return { ETag, ContentLength: body.length, LastModified: new Date(at) };
      },

      GetObject(address: Address) {
        const { body, at } = find(address);
        return { ETag, Body: body, ContentLength: body.length, LastModified: new Date(at) };
      },

      async PutObject({ Bucket, Key, Body = '' }: Address & { Body?: Body }) {
        const body = await bytesOf(Body);
        stored.set(`${Bucket}/${Key}`, { body, at: clock.now() });
        return { ETag };
      },

      ListObjectsV2({ Bucket, Prefix = '' }: { Bucket?: string; Prefix?: string }) {
        const Contents = [...stored]
          .filter(([name]) => name.startsWith(`${Bucket}/${Prefix}`))
          .map(([name, { body, at }]) => ({
            Key: name.slice(`${Bucket}/`.length),
            ETag,
            Size: body.length,
            LastModified: new Date(at),
          }));
        return { Contents, KeyCount: Contents.length, IsTruncated: false };
      },
    },
  };
}

/** The rows of tasks with a status. */
const reportRowsOf = (job: Job, status: string): string =>
  tasksOf(job)
    .filter((task) => task.status === status)
    .map(({ line, isRetryable, result }) => {
      const [bucket, key] = line.split(',');
      const [http, code, message] =
        status === 'succeeded'
          ? [200, '', result]
          : isRetryable
            ? [503, 'SlowDown', 'no']
            : [404, 'NoSuchKey', 'no'];
      return `"${bucket}","${key}","","${status}","${http}","${code}","${message}"\n`;
    })
    .join('');

/** The SDK passes a body as a stream. */
const bytesOf = async (body: Body): Promise<Buffer> =>
  typeof body === 'string' || body instanceof Uint8Array
    ? Buffer.from(body)
    : Buffer.concat(await Array.fromAsync(body));

const manifestOf = (Bucket: string, key: string) =>
  JSON.stringify({
    Format: 'Report_CSV_20180820',
    Results: ['succeeded', 'failed'].map((TaskExecutionStatus) => ({
      TaskExecutionStatus,
      Bucket,
      Key: key.replace('manifest.json', `results/${TaskExecutionStatus}.csv`),
    })),
  });

/** One row for each failed task. */
function failedRowsOf(job: Job, clock: Clock): string {
  const { failed } = countsAt(job, clock.now());
  const row = (n: number) =>
    `"data","folder/key-${n}","","failed","${n % 2 ? 503 : 404}","Error${n % 3}","no"`;
  return Array.from({ length: failed }, (_, n) => `${row(n)}\n`).join('');
}
