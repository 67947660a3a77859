import type { JobResource } from '../../functions/core/generated/job-resource.mjs';
import type { Context, Run } from '../command.ts';
import { type ExitCode, exitCodeOfJob } from '../exit-codes.ts';
import { durationMs } from '../input/values.ts';
import { jobText, progressText } from '../output/job-text.ts';
import { isFinal } from '../output/words.ts';

/** The API answers a call with `Prefer: wait` within this time. */
const LONG_POLL_SECONDS = 20;
/** Least time between two calls for one job: what changes all the time must not be asked all the time. */
const PAUSE_MS = 1000;

/** jobs wait: until all are final, or the time is over. Exits with the highest of their codes. */
export const wait: Run = async (context) => {
  const jobs = await waitFor(context.input.positionals, context);
  context.show(jobs.length === 1 ? jobs[0] : jobs, () => jobs.map((job) => jobText(job, context)).join('\n'));
  return exitCodeAfterWait(jobs);
};

export const exitCodeAfterWait = (jobs: readonly JobResource[]): ExitCode =>
  Math.max(...jobs.map(exitCodeOfJob)) as ExitCode;

/** The jobs as they are when all are final, or when `--timeout` is over; progress goes to stderr meanwhile. */
export async function waitFor(ids: readonly string[], context: Context): Promise<JobResource[]> {
  const { input, terminal, now } = context;
  const timeout = input.text('timeout');
  const endMs = timeout === undefined ? Number.POSITIVE_INFINITY : now() + durationMs('--timeout', timeout);
  const known = new Map<string, JobResource>();
  context.onInterrupt(() => {
    const running = ids.filter((id) => !isFinal(known.get(id) ?? { state: 'Requested' }));
    return `Stopped waiting. ${running.length === 1 ? 'The job is' : 'The jobs are'} still running. Wait again: bucket-brigade jobs wait ${running.join(' ')}`;
  });
  const show = (job: JobResource) => {
    known.set(job.jobRequestId, job);
    terminal.progress([...known.values()].map((one) => progressText(one, ids.length === 1)).join('  '));
  };
  const jobs = await Promise.all(ids.map((id) => waitForOne(id, endMs, show, context)));
  terminal.progress(undefined);
  return jobs;
}

async function waitForOne(
  id: string,
  endMs: number,
  show: (job: JobResource) => void,
  { api, now, sleep }: Context,
): Promise<JobResource> {
  let job: JobResource | undefined;
  const headers: Record<string, string> = {};
  for (;;) {
    const askedMs = now();
    const answer = await api.call({ path: `/jobs/${encodeURIComponent(id)}`, headers });
    if (answer.status === 200) {
      job = JSON.parse(answer.text) as JobResource;
      headers['if-none-match'] = answer.headers.get('etag') ?? '';
      show(job);
    }
    if (job && (isFinal(job) || now() >= endMs)) return job;
    const pauseMs = Math.min(PAUSE_MS - (now() - askedMs), endMs - now());
    if (pauseMs > 0) await sleep(pauseMs);
    const seconds = Math.min(LONG_POLL_SECONDS, Math.ceil((endMs - now()) / 1000));
    headers['prefer'] = `wait=${Math.max(1, seconds)}`;
  }
}
