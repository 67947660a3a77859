import type { JobFailure } from '@aws-sdk/client-s3-control';
import type { JobRecord } from './job-store.ts';
import type { Operation } from './operations/operation.ts';

/** Faults on demand, for those who test against jobs: where the engine lets them in. */
export interface BatchFaults {
  /** Told once by the engine what it can do to jobs. */
  attach(jobs: FaultyJobs): void;
  /** Told when a job comes to be prepared; may fail it. */
  beginJob(job: JobRecord): void;
  /** Whether the job is to wait for a confirmation that it did not ask for. */
  suspends(jobId: string): boolean;
  /** The job's operation with faults in it; it costs next to nothing while none are set. */
  around(operation: Operation, job: JobRecord, stopping: AbortSignal): Operation;
}

export interface FaultyJobs {
  /** Those that have not ended. */
  live(): JobRecord[];
  /** Makes the job go to Failing; false in a status in which it cannot. */
  fail(jobId: string, failure: JobFailure): boolean;
}

export const NO_FAULTS: BatchFaults = {
  attach: () => {},
  beginJob: () => {},
  suspends: () => false,
  around: (operation) => operation,
};
