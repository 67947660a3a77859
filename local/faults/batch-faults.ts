import type { BatchFaults, FaultyJobs } from '../batch/faults.ts';
import type { JobRecord } from '../batch/job-store.ts';
import { operationName } from '../batch/operations/catalogue.ts';
import type { EffectOf, JobEffect } from './fault.ts';
import type { Faults } from './faults.ts';
import { runTask } from './task-faults.ts';

/** Lets faults strike at jobs and their tasks. */
export function createBatchFaults(faults: Faults): BatchFaults {
  let jobs: FaultyJobs = { live: () => [], fail: () => false };
  /** A plain variable: it is asked for each of a hundred thousand tasks per second. */
  let isSet = false;
  /** What is still to come over jobs. */
  const fates = new Map<string, JobEffect>();

  const decide = (job: JobRecord, isOld: boolean) => {
    if (!faults.has('job')) return;
    const { jobId, request, succeeded, failed } = job;
    if (!fates.has(jobId)) {
      const { effect } = faults.strike('job', { action: operationName(request.Operation), jobId, isOld });
      if (effect) fates.set(jobId, effect as JobEffect);
    }
    failWhenDue(jobId, succeeded + failed);
  };

  const failWhenDue = (jobId: string, startedTasks: number) => {
    const fate = fates.get(jobId);
    if (fate?.type !== 'failJob' || startedTasks < (fate.afterTasks ?? 0)) return;
    if (jobs.fail(jobId, failureOf(fate))) fates.delete(jobId);
  };

  faults.onChange(() => {
    fates.clear();
    isSet = faults.has('task') || faults.has('job');
    if (faults.has('job')) for (const job of jobs.live()) decide(job, true);
  });

  return {
    attach(engine) {
      jobs = engine;
    },
    beginJob: (job) => decide(job, false),
    suspends: (jobId) => fates.get(jobId)?.type === 'suspendJob' && fates.delete(jobId),
    around(operation, job, stopping) {
      const { jobId } = job;
      const action = operationName(job.request.Operation);
      let startedTasks = job.succeeded + job.failed;
      return {
        ...operation,
        run(task) {
          startedTasks++;
          if (!isSet) return operation.run(task);
          const outcome = runTask(task, operation, { faults, action, jobId, stopping });
          failWhenDue(jobId, startedTasks);
          return outcome;
        },
      };
    },
  };
}

const failureOf = ({
  failureCode = 'InternalError',
  failureReason = 'The job failed on demand',
}: EffectOf<'failJob'>) => ({ FailureCode: failureCode, FailureReason: failureReason });
