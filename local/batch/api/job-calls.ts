import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Engine } from '../engine/engine.ts';
import { unknownJob } from '../errors.ts';
import type { JobRecord, JobStore } from '../job-store.ts';

/** What the calls of the jobs API work with. */
export interface JobCalls {
  jobs: JobStore;
  engine: Pick<Engine, 'begin' | 'move' | 'place'>;
  clock: Clock;
  random: Random;
}

/** The account's own job; a job of another account is as unknown as none. */
export function jobOf(jobs: JobStore, accountId: string | undefined, jobId: string | undefined): JobRecord {
  const job = jobs.find(jobId ?? '');
  if (!job || job.accountId !== accountId) throw unknownJob();
  return job;
}
