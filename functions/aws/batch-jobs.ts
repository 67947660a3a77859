import {
  CreateJobCommand,
  type CreateJobCommandInput,
  DescribeJobCommand,
  GetJobTaggingCommand,
  type JobStatus,
  ListJobsCommand,
  PutJobTaggingCommand,
  type RequestedJobStatus,
  UpdateJobPriorityCommand,
  UpdateJobStatusCommand,
} from '@aws-sdk/client-s3-control';
import { isKnownError, KnownError } from '../core/errors.ts';
import type { Job } from '../domain/job/job.ts';
import { openStatuses } from '../domain/job/job-status.ts';
import { isSameJob } from '../domain/job/same-job.ts';
import type { CreateJobInput } from '../domain/request/create-job-input.ts';
import type { JobTag } from '../domain/request/job-tags.ts';
import { withDates } from '../domain/request/timestamps.ts';
import { s3ControlClient } from './clients.ts';
import { callAws, callForPage } from './known-errors.ts';

/** Creates the S3 Batch Operations job and returns its id. The same input returns the same id. */
export async function createBatchJob(input: CreateJobInput): Promise<string> {
  const command = new CreateJobCommand(withDates(input) as CreateJobCommandInput);
  const { JobId } = await callAws(() => s3ControlClient().send(command));
  if (!JobId) throw new KnownError('AwsUnavailable', 'CreateJob answered without a JobId');
  return JobId;
}

/**
 * The id of the job that an earlier CreateJob with the same input has created; undefined if S3 lists none. Throws
 * AwsUnavailable if S3 lists a job with the description and does not describe it yet.
 */
export async function findBatchJob(input: CreateJobInput): Promise<string | undefined> {
  const accountId = input.AccountId;
  for (let token: string | undefined, more = true; more; more = token !== undefined) {
    const command = new ListJobsCommand({
      AccountId: accountId,
      MaxResults: 1000,
      ...(token && { NextToken: token }),
    });
    const { Jobs = [], NextToken } = await callAws(() => s3ControlClient().send(command));
    for (const { JobId = '', Description } of Jobs) {
      if (!Description?.endsWith(`[${input.ClientRequestToken}]`)) continue;
      const job = await describeBatchJob(accountId, JobId);
      if (!job) throw new KnownError('AwsUnavailable', `S3 lists the job ${JobId} but does not describe it`);
      if (isSameJob(input, job)) return JobId;
    }
    token = NextToken;
  }
  return undefined;
}

/** A page of the account's jobs in S3's order, filtered by `statuses` if it is not empty. */
export async function listBatchJobs(
  accountId: string,
  count: number,
  statuses: readonly string[],
  token: string | undefined,
): Promise<{ jobs: unknown[]; token?: string }> {
  const command = new ListJobsCommand({
    AccountId: accountId,
    MaxResults: count,
    ...(statuses.length > 0 && { JobStatuses: statuses as JobStatus[] }),
    ...(token && { NextToken: token }),
  });
  const { Jobs = [], NextToken } = await callForPage(() => s3ControlClient().send(command));
  return { jobs: Jobs, ...(NextToken && { token: NextToken }) };
}

/** The jobs of the account that are neither ended nor about to end, at most 1,000, by id. Their descriptions are short. */
export async function listOpenJobs(accountId: string): Promise<Map<string, Job>> {
  const { jobs } = await listBatchJobs(accountId, 1000, openStatuses, undefined);
  return new Map((JSON.parse(JSON.stringify(jobs)) as Job[]).map((job) => [job.JobId, job]));
}

/** The job as S3 describes it, with timestamps as RFC 3339 text; undefined if S3 does not know it. */
export async function describeBatchJob(accountId: string, jobId: string): Promise<Job | undefined> {
  const command = new DescribeJobCommand({ AccountId: accountId, JobId: jobId });
  try {
    const { Job } = await callAws(() => s3ControlClient().send(command));
    return Job && (JSON.parse(JSON.stringify(Job)) as Job);
  } catch (error) {
    if (isKnownError(error, 'JobNotFound')) return undefined;
    throw error;
  }
}

/** Confirms (`Ready`) or cancels a job. Throws NotPossibleNow if its status does not allow it. */
export async function requestJobStatus(
  accountId: string,
  jobId: string,
  status: RequestedJobStatus,
  reason?: string,
): Promise<void> {
  const command = new UpdateJobStatusCommand({
    AccountId: accountId,
    JobId: jobId,
    RequestedJobStatus: status,
    ...(reason && { StatusUpdateReason: reason }),
  });
  try {
    await callAws(() => s3ControlClient().send(command));
  } catch (error) {
    if (!isKnownError(error, 'RequestRefused') || !/^JobStatusException\b/.test(error.message)) throw error;
    throw new KnownError('NotPossibleNow', error.message, { cause: error });
  }
}

/** Throws RequestRefused if the job's status does not allow it. */
export async function changeJobPriority(accountId: string, jobId: string, priority: number): Promise<void> {
  const command = new UpdateJobPriorityCommand({ AccountId: accountId, JobId: jobId, Priority: priority });
  await callAws(() => s3ControlClient().send(command));
}

/** All tags of the job, including those of this service. */
export async function readJobTags(accountId: string, jobId: string): Promise<JobTag[]> {
  const command = new GetJobTaggingCommand({ AccountId: accountId, JobId: jobId });
  const { Tags = [] } = await callAws(() => s3ControlClient().send(command));
  return Tags.map(({ Key = '', Value = '' }) => ({ Key, Value }));
}

/** Replaces all tags of the job. */
export async function writeJobTags(accountId: string, jobId: string, tags: JobTag[]): Promise<void> {
  const command = new PutJobTaggingCommand({ AccountId: accountId, JobId: jobId, Tags: tags });
  await callAws(() => s3ControlClient().send(command));
}
