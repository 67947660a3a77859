import type { JobFailure } from '@aws-sdk/client-s3-control';
import type { JobRecord } from './job-record.ts';
import type { Operation } from './operations/operation.ts';

/** The points of the engine at which faults can be injected. */
export interface BatchFaults {
  /** The engine calls it once with its control over jobs. */
  attach(jobs: FaultyJobs): void;
  /** The engine calls it before it prepares a job; it may fail the job. */
  beginJob(job: JobRecord): void;
  /** Whether the job waits for a confirmation that it did not request. */
  suspends(jobId: string): boolean;
  /** Returns the job's operation with faults; costs almost nothing while none are set. */
  wrap(operation: Operation, job: JobRecord, stopping: AbortSignal): Operation;
}

export interface FaultyJobs {
  /** The jobs that have not ended. */
  unfinished(): JobRecord[];
  /** Moves the job to Failing; false when its status does not allow that. */
  fail(jobId: string, failure: JobFailure): boolean;
}

export const NO_FAULTS: BatchFaults = {
  attach: () => {},
  beginJob: () => {},
  suspends: () => false,
  wrap: (operation) => operation,
};
