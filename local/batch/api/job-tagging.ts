import type {
  DeleteJobTaggingRequest,
  DeleteJobTaggingResult,
  GetJobTaggingRequest,
  GetJobTaggingResult,
  PutJobTaggingRequest,
  PutJobTaggingResult,
} from '@aws-sdk/client-s3-control';
import { tooManyTags } from '../errors.ts';
import { required } from '../validate/checks.ts';
import { MAX_JOB_TAGS, tagSet } from '../validate/common.ts';
import { type JobCalls, jobOf } from './job-calls.ts';

export function getJobTagging(
  { AccountId, JobId }: GetJobTaggingRequest,
  { jobs }: JobCalls,
): GetJobTaggingResult {
  return { Tags: jobOf(jobs, AccountId, JobId).tags };
}

/** Replaces all tags of the job; an empty list removes them. */
export function putJobTagging(
  { AccountId, JobId, Tags }: PutJobTaggingRequest,
  { jobs }: JobCalls,
): PutJobTaggingResult {
  const { jobId, status } = jobOf(jobs, AccountId, JobId);
  required(tagSet())(Tags, 'Tags');
  if ((Tags ?? []).length > MAX_JOB_TAGS) throw tooManyTags(MAX_JOB_TAGS);
  jobs.change(jobId, status, { tags: Tags ?? [] });
  return {};
}

export function deleteJobTagging(
  { AccountId, JobId }: DeleteJobTaggingRequest,
  { jobs }: JobCalls,
): DeleteJobTaggingResult {
  const { jobId, status } = jobOf(jobs, AccountId, JobId);
  jobs.change(jobId, status, { tags: [] });
  return {};
}
