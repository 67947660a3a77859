import type { PublishInput } from '@aws-sdk/client-sns';
import { JOB_ID, JOB_REQUEST_ID, jobOf, jobWithReport, objectOf } from './jobs.ts';
import { START } from './states.ts';
import type { RunWatch, WatchOptions } from './watch.ts';

const HOUR_SECONDS = 3600;
const refusal = (name: string, httpStatusCode: number, message: string) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

const total = (TotalNumberOfTasks: number, NumberOfTasksSucceeded: number, NumberOfTasksFailed = 0) => ({
  ProgressSummary: { TotalNumberOfTasks, NumberOfTasksSucceeded, NumberOfTasksFailed },
});

const failedRow = 'data,a,,failed,404,NoSuchKey,The specified key does not exist\n';
const failedFile = `p/job-${JOB_ID}/results/failed.csv`;
const manifest = JSON.stringify({
  Results: [{ TaskExecutionStatus: 'failed', Bucket: 'reports', Key: failedFile }],
});

/** Runs that have an example of each notice in them. */
const runs: WatchOptions[] = [
  {
    aws: {
      DescribeJob: () => ({
        Job: {
          ...jobWithReport('Complete'),
          ...total(1200, 1197, 3),
          CreationTime: new Date(START).toISOString(),
        },
      }),
      GetObject: ({ Key }) => objectOf(Key === failedFile ? failedRow.repeat(3) : manifest),
    },
  },
  {
    aws: {
      DescribeJob: (_, { visit }) => ({
        Job: jobOf(['Suspended', 'Active'][visit] ?? 'Complete', total(1200, visit < 2 ? 0 : 1200)),
      }),
    },
    watch: { Notices: ['created', 'running-again'] },
  },
  {
    aws: {
      DescribeJob: () => ({
        Job: jobOf('Failed', {
          ...total(0, 0),
          FailureReasons: [
            {
              FailureCode: 'ManifestReadFailed',
              FailureReason: 'Reading the manifest is forbidden: AccessDenied',
            },
          ],
        }),
      }),
    },
  },
  {
    aws: {
      DescribeJob: () => ({
        Job: jobOf('Cancelled', { ...total(1200, 300), StatusUpdateReason: 'wrong bucket' }),
      }),
    },
  },
  { startsAfterSeconds: 60, aws: { GetObject: () => objectOf('wrong day') } },
  {
    aws: {
      CreateJob: () => Promise.reject(refusal('AccessDenied', 403, 'Cross-account pass role is not allowed')),
    },
  },
  {
    aws: {
      DescribeJob: (_, { at }) => {
        if (at < 2 * HOUR_SECONDS) throw refusal('AccessDenied', 403, 'Access Denied');
        throw refusal('NoSuchJob', 404, 'The specified job does not exist');
      },
    },
  },
  {
    aws: { DescribeJob: () => ({ Job: jobOf('Active', total(1200, 300)) }) },
    watch: { DeadlineSeconds: HOUR_SECONDS },
  },
  { onInvoke: () => Promise.resolve({ payload: '{"errorType":"TypeError"}', functionError: 'Unhandled' }) },
];

/** One example of every notice, in the order in which they can come; all of one team, with its tag as an attribute. */
export async function noticeExamples(run: RunWatch) {
  const examples = [];
  for (const { watch, ...options } of runs) {
    const { published, notices } = await run({
      ...options,
      createJob: {
        Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'step', Value: 'done' }] } },
        Description: `monthly tidy-up [${JOB_REQUEST_ID}]`,
        Tags: [{ Key: 'team', Value: 'media' }],
      },
      watch: { ...watch, TagAttributes: ['team'] },
    });
    examples.push(
      ...notices.map((notice, index) => ({ published: published[index] as PublishInput, notice })),
    );
  }
  return examples;
}
