import type { JobReport } from '@aws-sdk/client-s3-control';
import type { JobRecord } from '../job-record.ts';
import type { JobStore } from '../job-store.ts';
import type { ManifestPosition } from '../manifest/manifest.ts';
import { reportLine } from '../report/report-line.ts';
import type { ResultStore } from '../result-store.ts';
import type { Task, TaskOutcome } from '../task.ts';

/** After this many tasks, more failures than successes end the job. */
const THRESHOLD_TASKS = 1000;

/** Counts outcomes, and holds the report's lines until they are committed. */
export interface Recorder {
  add(task: Task, outcome: TaskOutcome): void;
  /** Writes everything added since the last call; call it in the transaction of the tasks' effects. */
  commit(nowMs: number, position: ManifestPosition | undefined): void;
  /** Too many tasks have failed: no further task may start. */
  readonly isOverThreshold: boolean;
}

export function createRecorder(job: JobRecord, jobs: JobStore, results: ResultStore): Recorder {
  const keeps = keptLines(job.request.Report);
  let { succeeded, failed } = job;
  let lines = { succeeded: '', failed: '' };
  let tasks: number[] = [];
  let isOverThreshold = false;

  return {
    get isOverThreshold() {
      return isOverThreshold;
    },
    add(task, outcome) {
      tasks.push(task.number);
      if (outcome.succeeded) {
        succeeded++;
        if (keeps.succeeded) lines.succeeded += reportLine(task, outcome);
      } else {
        failed++;
        if (keeps.failed) lines.failed += reportLine(task, outcome);
      }
      isOverThreshold ||= failed > succeeded && succeeded + failed >= THRESHOLD_TASKS;
    },
    commit(nowMs, position) {
      if (tasks.length > 0) results.add(job.jobId, { tasks, ...lines });
      jobs.advance(job.jobId, { nowMs, succeeded, failed, position });
      lines = { succeeded: '', failed: '' };
      tasks = [];
    },
  };
}

function keptLines(report: JobReport | undefined) {
  const isEnabled = report?.Enabled === true;
  return { failed: isEnabled, succeeded: isEnabled && report.ReportScope === 'AllTasks' };
}
