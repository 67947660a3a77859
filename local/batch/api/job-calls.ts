import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Engine } from '../engine/engine.ts';
import { unknownJob } from '../errors.ts';
import type { JobRecord } from '../job-record.ts';
import type { JobStore } from '../job-store.ts';

/** What the calls of the jobs API depend on. */
export interface JobCalls {
  jobs: JobStore;
  engine: Pick<Engine, 'begin' | 'move' | 'schedule'>;
  clock: Clock;
  random: Random;
}

/** The job, if it belongs to the account. Throws `unknownJob` for a job of another account, too. */
export function jobOf(jobs: JobStore, accountId: string | undefined, jobId: string | undefined): JobRecord {
  const job = jobs.find(jobId ?? '');
  if (!job || job.accountId !== accountId) throw unknownJob();
  return job;
}
