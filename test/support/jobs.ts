import { Readable } from 'node:stream';
import type { Job } from '../../functions/domain/job/job.ts';
import { lastResortNoticeOf } from '../../functions/domain/notice/last-resort-notice.ts';
import type { AcceptedRequest, CreateJobInput } from '../../functions/domain/request/create-job-input.ts';

export const JOB_ID = '11111111-2222-4333-8444-555555555555';
export const JOB_REQUEST_ID = `${'a'.repeat(20)}-${'b'.repeat(32)}`;

export const jobOf = (Status: string, members: Partial<Job> = {}): Job => ({
  JobId: JOB_ID,
  Status,
  ProgressSummary: { TotalNumberOfTasks: 10, NumberOfTasksSucceeded: 10, NumberOfTasksFailed: 0 },
  ...members,
});

/** The same job with so many failed tasks, and a completion report. */
export const jobWithReport = (Status: string, failed = 0): Job =>
  jobOf(Status, {
    ProgressSummary: {
      TotalNumberOfTasks: 10,
      NumberOfTasksSucceeded: 10 - failed,
      NumberOfTasksFailed: failed,
    },
    Report: { Enabled: true, Bucket: 'arn:aws:s3:::reports', Prefix: 'p' },
  });

export const objectOf = (...pieces: string[]) => ({
  Body: Readable.from(pieces.map((text) => Buffer.from(text))),
});

/** What submit-job made of a job request that was posted at `startMs`. */
export const acceptedRequest = (
  {
    watch = {},
    createJob = {},
    startsAfterSeconds = 0,
    limits,
  }: {
    watch?: AcceptedRequest['watch'];
    createJob?: Partial<CreateJobInput>;
    startsAfterSeconds?: number;
    limits?: AcceptedRequest['limits'];
  },
  startMs: number,
): AcceptedRequest => {
  const request = {
    jobRequestId: JOB_REQUEST_ID,
    requestHash: '',
    tenantHash: 'a'.repeat(64),
    submittedAt: new Date(startMs).toISOString(),
    createJob: {
      AccountId: '000000000000',
      ClientRequestToken: JOB_REQUEST_ID,
      ConfirmationRequired: false,
      Operation: { S3DeleteObjectTagging: {} },
      Report: { Enabled: false },
      Priority: 10,
      RoleArn: 'arn:aws:iam::000000000000:role/batch',
      Description: `[${JOB_REQUEST_ID}]`,
      Tags: [],
      ...createJob,
    },
    watch,
    ...(limits && { limits }),
    ...(startsAfterSeconds > 0 && { startAt: new Date(startMs + startsAfterSeconds * 1000).toISOString() }),
  };
  const deployment = { region: 'us-east-1', apiUrl: 'https://api.example' };
  return { ...request, lastResortNotice: lastResortNoticeOf(request, deployment) };
};
