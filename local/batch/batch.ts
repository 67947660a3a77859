import type {
  CreateJobRequest,
  CreateJobResult,
  DeleteJobTaggingRequest,
  DeleteJobTaggingResult,
  DescribeJobRequest,
  DescribeJobResult,
  GetJobTaggingRequest,
  GetJobTaggingResult,
  ListJobsRequest,
  ListJobsResult,
  PutJobTaggingRequest,
  PutJobTaggingResult,
  UpdateJobPriorityRequest,
  UpdateJobPriorityResult,
  UpdateJobStatusRequest,
  UpdateJobStatusResult,
} from '@aws-sdk/client-s3-control';
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { Lambda } from '../lambda/lambda.ts';
import type { Database } from '../store/database.ts';
import { createJob } from './api/create-job.ts';
import { describeJob } from './api/describe-job.ts';
import type { JobCalls } from './api/job-calls.ts';
import { deleteJobTagging, getJobTagging, putJobTagging } from './api/job-tagging.ts';
import { listJobs } from './api/list-jobs.ts';
import { updateJobPriority } from './api/update-job-priority.ts';
import { updateJobStatus } from './api/update-job-status.ts';
import { createEngine } from './engine/engine.ts';
import { type BatchFaults, NO_FAULTS } from './fault-hooks.ts';
import { createJobManifests } from './job-manifests.ts';
import { createJobStore } from './job-store.ts';
import type { ObjectStore } from './object-store.ts';
import { createResultStore } from './result-store.ts';

export interface BatchSettings {
  database: Database;
  clock: Clock;
  random: Random;
  objects: ObjectStore;
  lambda: Lambda;
  /** Receives each change of a job's status, and the faults of manifests. */
  log?: (line: string) => void;
  /** Most tasks per second of the clock that a job runs; unlimited by default. */
  pace?: number;
  /** Most concurrent invocations of a job. */
  concurrency?: number;
  /** Injects faults into jobs and tasks. */
  faults?: BatchFaults;
}

/** S3 Batch Operations on one machine: the jobs API and the engine behind it. Throws AwsError for a refused request. */
export interface Batch {
  /** Resumes the jobs that had not ended when the process ended. */
  start(): void;
  /** Resolves when the database may be closed. */
  stop(): Promise<void>;
  createJob(request: CreateJobRequest): CreateJobResult;
  describeJob(request: DescribeJobRequest): DescribeJobResult;
  listJobs(request: ListJobsRequest): ListJobsResult;
  updateJobStatus(request: UpdateJobStatusRequest): UpdateJobStatusResult;
  updateJobPriority(request: UpdateJobPriorityRequest): UpdateJobPriorityResult;
  getJobTagging(request: GetJobTaggingRequest): GetJobTaggingResult;
  putJobTagging(request: PutJobTaggingRequest): PutJobTaggingResult;
  deleteJobTagging(request: DeleteJobTaggingRequest): DeleteJobTaggingResult;
}

/** A job is deleted 90 days after it ended. */
const RETENTION_MS = 90 * 24 * 60 * 60 * 1000;

const DEFAULT_CONCURRENCY = 100;

export function createBatch(settings: BatchSettings): Batch {
  const { database, clock, random, objects, lambda, log = () => {}, faults = NO_FAULTS } = settings;
  const { pace: tasksPerSecond = Number.POSITIVE_INFINITY, concurrency = DEFAULT_CONCURRENCY } = settings;
  const jobs = createJobStore(database);
  const results = createResultStore(database);
  const manifests = createJobManifests(database, objects);
  const engine = createEngine({
    jobs,
    results,
    manifests,
    objects,
    lambda,
    clock,
    log,
    tasksPerSecond,
    concurrency,
    faults,
  });
  const calls: JobCalls = { jobs, engine, clock, random };

  /** Every call first deletes the jobs that are past their retention, so that no caller reads them. */
  const call =
    <Request, Result>(work: (request: Request, calls: JobCalls) => Result) =>
    (request: Request): Result => {
      jobs.removeTerminated(clock.now() - RETENTION_MS);
      return work(request, calls);
    };

  return {
    start: engine.start,
    stop: engine.stop,
    createJob: call(createJob),
    describeJob: call(describeJob),
    listJobs: call(listJobs),
    updateJobStatus: call(updateJobStatus),
    updateJobPriority: call(updateJobPriority),
    getJobTagging: call(getJobTagging),
    putJobTagging: call(putJobTagging),
    deleteJobTagging: call(deleteJobTagging),
  };
}
