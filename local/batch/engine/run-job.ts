import type { BatchFaults } from '../fault-hooks.ts';
import type { JobManifests } from '../job-manifests.ts';
import type { JobRecord } from '../job-record.ts';
import type { JobStore } from '../job-store.ts';
import { createOperation } from '../operations/catalogue.ts';
import type { LambdaInvokeTools } from '../operations/lambda-invoke.ts';
import type { ResultStore } from '../result-store.ts';
import { createRecorder } from './recorder.ts';
import { runWindow, type WindowRun } from './run-window.ts';
import { sortedTaskWindows, taskWindows } from './task-windows.ts';

export interface JobRun extends Omit<WindowRun, 'operation' | 'recorder'>, LambdaInvokeTools {
  jobs: JobStore;
  results: ResultStore;
  manifests: JobManifests;
  faults: BatchFaults;
}

/** How a period in Active ended; `interrupted` when the job's status has changed or the engine stops. */
export type RunEnd = 'done' | 'interrupted' | 'overThreshold';

/** Runs the tasks that have no outcome yet. Throws ManifestFault when the manifest has changed. */
export async function runJob(job: JobRecord, run: JobRun): Promise<RunEnd> {
  const { jobs, results, signal, stopping } = run;
  const plain = createOperation(job.request.Operation ?? {}, { ...run, jobId: job.jobId });
  const operation = run.faults.wrap(plain, job, stopping);
  const recorder = createRecorder(job, jobs, results);
  const manifest = await run.manifests.open(job);
  const recorded = results.tasksFrom(job.jobId, job.position.task);
  const windowRun = { ...run, operation, recorder };
  const windows = operation.inKeyOrder ? sortedTaskWindows : taskWindows;

  for await (const { tasks, end } of windows(manifest, job.position)) {
    const remaining = recorded.size > 0 ? tasks.filter(({ number }) => !recorded.has(number)) : tasks;
    const isDone = await runWindow(remaining, end, windowRun);
    if (recorder.isOverThreshold) return 'overThreshold';
    if (!isDone || signal.aborted) return 'interrupted';
  }
  return 'done';
}
