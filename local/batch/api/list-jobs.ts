import {
  type JobListDescriptor,
  JobStatus,
  type ListJobsRequest,
  type ListJobsResult,
} from '@aws-sdk/client-s3-control';
import { invalidNextToken, invalidRequestException } from '../errors.ts';
import type { JobRecord } from '../job-record.ts';
import { operationName } from '../operations/catalogue.ts';
import { DEFAULT_PAGE_SIZE } from '../unconfirmed.ts';
import { given, progressOf, terminationOf } from './describe-job.ts';
import type { JobCalls } from './job-calls.ts';

const MAX_PAGE_SIZE = 1000;

/** Newest first. The token names the last job of the page, so new jobs do not shift the pages. */
export function listJobs(request: ListJobsRequest, { jobs }: JobCalls): ListJobsResult {
  const { AccountId = '', JobStatuses = [], NextToken } = request;
  for (const status of JobStatuses) {
    if (!(status in JobStatus)) {
      throw invalidRequestException(`jobStatuses must be among ${Object.keys(JobStatus).join(', ')}`);
    }
  }
  const size = pageSize(request.MaxResults);
  const found = jobs.page({
    accountId: AccountId,
    statuses: JobStatuses,
    limit: size + 1,
    ...(NextToken !== undefined && { after: readToken(NextToken) }),
  });
  const page = found.slice(0, size);
  const last = page.at(-1);
  return {
    ...(found.length > size && last && { NextToken: writeToken(last) }),
    Jobs: page.map(toListDescriptor),
  };
}

function pageSize(maxResults = 0): number {
  if (!Number.isInteger(maxResults) || maxResults < 0 || maxResults > MAX_PAGE_SIZE) {
    throw invalidRequestException(`maxResults must be an integer from 0 to ${MAX_PAGE_SIZE}`);
  }
  return maxResults || DEFAULT_PAGE_SIZE;
}

const toListDescriptor = (job: JobRecord): JobListDescriptor => ({
  JobId: job.jobId,
  ...given({ Description: job.request.Description }),
  Operation: operationName(job.request.Operation),
  Priority: job.priority,
  Status: job.status,
  CreationTime: new Date(job.createdMs),
  ...terminationOf(job),
  ProgressSummary: progressOf(job),
});

const writeToken = ({ createdMs, jobId }: JobRecord): string =>
  Buffer.from(JSON.stringify([createdMs, jobId])).toString('base64');

function readToken(token: string): { createdMs: number; jobId: string } {
  try {
    const [createdMs, jobId] = JSON.parse(Buffer.from(token, 'base64').toString()) as unknown[];
    if (typeof createdMs === 'number' && typeof jobId === 'string') return { createdMs, jobId };
  } catch {
    // The token was not made by writeToken.
  }
  throw invalidNextToken();
}
