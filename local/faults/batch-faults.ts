import type { BatchFaults, FaultyJobs } from '../batch/fault-hooks.ts';
import type { JobRecord } from '../batch/job-record.ts';
import { operationName } from '../batch/operations/catalogue.ts';
import type { EffectOf, JobEffect } from './fault.ts';
import type { Faults } from './faults.ts';
import { runTask } from './task-faults.ts';

/** Injects faults into jobs and their tasks. */
export function createBatchFaults(faults: Faults): BatchFaults {
  let jobs: FaultyJobs = { unfinished: () => [], fail: () => false };
  /** A variable instead of a call, because it is read for each of 100,000 tasks per second. */
  let isSet = false;
  /** Effects that are chosen for jobs and not yet applied. */
  const chosenEffects = new Map<string, JobEffect>();

  const chooseEffect = (job: JobRecord, isOld: boolean) => {
    if (!faults.has('job')) return;
    const { jobId, request, succeeded, failed } = job;
    if (!chosenEffects.has(jobId)) {
      const { effect } = faults.strike('job', { action: operationName(request.Operation), jobId, isOld });
      if (effect) chosenEffects.set(jobId, effect as JobEffect);
    }
    failWhenDue(jobId, succeeded + failed);
  };

  const failWhenDue = (jobId: string, startedTasks: number) => {
    const effect = chosenEffects.get(jobId);
    if (effect?.type !== 'failJob' || startedTasks < (effect.afterTasks ?? 0)) return;
    if (jobs.fail(jobId, failureOf(effect))) chosenEffects.delete(jobId);
  };

  faults.onChange(() => {
    chosenEffects.clear();
    isSet = faults.has('task') || faults.has('job');
    if (faults.has('job')) for (const job of jobs.unfinished()) chooseEffect(job, true);
  });

  return {
    attach(engine) {
      jobs = engine;
    },
    beginJob: (job) => chooseEffect(job, false),
    suspends: (jobId) => chosenEffects.get(jobId)?.type === 'suspendJob' && chosenEffects.delete(jobId),
    wrap(operation, job, stopping) {
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
  failureReason = 'A fault that was set on the local stack failed the job',
}: EffectOf<'failJob'>) => ({ FailureCode: failureCode, FailureReason: failureReason });
