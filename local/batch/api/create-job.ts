import type { CreateJobRequest, CreateJobResult } from '@aws-sdk/client-s3-control';
import type { Random } from '../../core/random.ts';
import { toCanonicalJson } from '../canonical-json.ts';
import { tokenReused } from '../errors.ts';
import type { JobRecord } from '../job-record.ts';
import type { JobStore } from '../job-store.ts';
import { MANIFEST_START } from '../manifest/manifest.ts';
import { checkCreateJob } from '../validate/create-job.ts';
import type { JobCalls } from './job-calls.ts';

/** Makes a job, or returns the job that the same request with the same token made. */
export function createJob(
  request: CreateJobRequest,
  { jobs, engine, clock, random }: JobCalls,
): CreateJobResult {
  checkCreateJob(request);
  const token = request.ClientRequestToken ?? '';
  const earlier = jobs.findByToken(request.AccountId ?? '', token);
  if (earlier) {
    if (toCanonicalJson(earlier.request) !== toCanonicalJson(request)) throw tokenReused(token);
    return { JobId: earlier.jobId };
  }
  const job = newJob(request, unusedId(jobs, random), clock.now());
  jobs.insert(job, token);
  engine.begin(job.jobId);
  return { JobId: job.jobId };
}

/** A seeded source returns the same ids again after a restart. */
function unusedId(jobs: JobStore, random: Random): string {
  let jobId = random.uuid();
  while (jobs.find(jobId)) jobId = random.uuid();
  return jobId;
}

const newJob = (request: CreateJobRequest, jobId: string, nowMs: number): JobRecord => ({
  jobId,
  accountId: request.AccountId ?? '',
  request,
  tags: request.Tags ?? [],
  status: 'New',
  priority: request.Priority ?? 0,
  createdMs: nowMs,
  suspendedMs: null,
  terminatedMs: null,
  statusUpdateReason: null,
  failureReasons: [],
  totalTasks: 0,
  succeeded: 0,
  failed: 0,
  activeMs: 0,
  activeSinceMs: null,
  generated: null,
  position: MANIFEST_START,
});
