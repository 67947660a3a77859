import type { Envelope } from '../aws/sns/envelope.ts';
import type { Clock } from '../core/clock.ts';
import type { DemoBucket } from './bucket.ts';
import type { Trace } from './checks.ts';
import type { JobApi, JobResource } from './job-api.ts';
import { readReport } from './report.ts';
import type { Progress, Screen } from './screen.ts';

const POLL_MS = 200;

export interface Stage {
  api: JobApi;
  bucket: DemoBucket;
  screen: Screen;
  clock: Clock;
  /** Grows as notices arrive. */
  notices: readonly Envelope[];
}

/** One job request with its progress bar. */
export interface Run {
  /** Polls the job until the condition holds, and updates the bar. */
  until(condition: (job: JobResource) => boolean): Promise<JobResource>;
  confirm(): Promise<unknown>;
  /** The job, its report and its notices; call it after the job has ended. */
  trace(): Promise<Trace>;
}

export const hasEnded = ({ state }: JobResource) => state === 'Ended';
export const isSuspended = ({ status }: JobResource) => status === 'Suspended';

/** POSTs the job request. */
export async function startRun(title: string, body: object, stage: Stage): Promise<Run> {
  const { api, bucket, screen, clock, notices } = stage;
  const { jobRequestId } = await api.submit(body);
  const show = screen.bar(title);
  return {
    async until(condition) {
      for (;;) {
        const job = await api.get(jobRequestId);
        show(progressOf(job));
        if (condition(job)) return job;
        if (hasEnded(job) || job.state === 'NotWatched')
          throw new Error(`The job request "${title}" ended too early: ${JSON.stringify(job)}`);
        await clock.sleep(POLL_MS);
      }
    },
    confirm: () => api.confirm(jobRequestId),
    async trace() {
      const job = await api.get(jobRequestId);
      return { title, job, rows: await readReport(job, bucket), notices: kindsOf(notices, jobRequestId) };
    },
  };
}

function progressOf({ status, state, progress }: JobResource): Progress {
  const { total, succeeded, failed } = progress ?? { total: 0, succeeded: 0, failed: 0 };
  return { status: status ?? state, done: succeeded + failed, failed, total };
}

const kindsOf = (notices: readonly Envelope[], jobRequestId: string) =>
  notices
    .map(({ Message }) => JSON.parse(Message) as { jobRequestId: string; kind: string })
    .filter((notice) => notice.jobRequestId === jobRequestId)
    .map(({ kind }) => kind);
