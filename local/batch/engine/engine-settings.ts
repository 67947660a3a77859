import type { Clock } from '../../core/clock.ts';
import type { Lambda } from '../../lambda/lambda.ts';
import type { BatchFaults } from '../fault-hooks.ts';
import type { JobManifests } from '../job-manifests.ts';
import type { JobStore } from '../job-store.ts';
import type { ObjectStore } from '../object-store.ts';
import type { ResultStore } from '../result-store.ts';

export interface EngineSettings {
  jobs: JobStore;
  results: ResultStore;
  manifests: JobManifests;
  objects: ObjectStore;
  lambda: Lambda;
  clock: Clock;
  log: (line: string) => void;
  /** Most tasks per second of the clock that a job runs. */
  tasksPerSecond: number;
  /** Most concurrent invocations of a job. */
  concurrency: number;
  faults: BatchFaults;
}
