import type { JobResource } from '../../functions/core/generated/job-resource.mjs';
import type { Context } from '../command.ts';
import { type ExitCode, exitCodeOfJob, exitCodes } from '../exit-codes.ts';
import { durationMs } from '../input/values.ts';
import { printJob } from '../output/job-text.ts';
import { progressLine } from '../output/progress-line.ts';

/** The API answers a call with `Prefer: wait` within this time. */
const LONG_POLL_SECONDS = 20;
/** Least time between two calls for one job: what changes all the time must not be asked all the time. */
const PAUSE_MS = 1000;

export const isFinal = ({ state }: Pick<JobResource, 'state'>): boolean =>
  state === 'Ended' || state === 'NotWatched';

/** jobs wait: until all are final, or the time is over. Exits with the highest of their codes. */
export async function run(context: Context): Promise<ExitCode> {
  const ids = context.input.positionals;
  const jobs = await waitFor(ids, context);
  if (context.input.has('json'))
    context.terminal.print(JSON.stringify(ids.length === 1 ? jobs[0] : jobs, null, 2));
  else for (const job of jobs) printJob(job, context);
  return exitCodeAfterWait(jobs);
}

export const exitCodeAfterWait = (jobs: readonly JobResource[]): ExitCode =>
  jobs
    .map((job): ExitCode => (isFinal(job) ? exitCodeOfJob(job) : exitCodes.timedOut))
    .reduce((highest, code) => (code > highest ? code : highest), exitCodes.done as ExitCode);

/** The jobs as they are when all are final, or when `--timeout` is over; progress goes to stderr meanwhile. */
export async function waitFor(ids: readonly string[], context: Context): Promise<JobResource[]> {
  const { input, terminal, now } = context;
  const timeout = input.text('timeout');
  const endMs = timeout === undefined ? Number.POSITIVE_INFINITY : now() + durationMs('timeout', timeout);
  const states = new Map<string, JobResource>();
  const running = () => ids.filter((id) => !isFinalState(states.get(id)));
  context.onInterrupt(
    () =>
      `Stopped waiting. ${running().length === 1 ? 'The job is' : 'The jobs are'} still running. Wait again: bucket-brigade jobs wait ${running().join(' ')}`,
  );
  const show = (job: JobResource) => {
    states.set(job.jobRequestId, job);
    const known = [...states.values()];
    terminal.progress(known.map((one) => progressLine(one, ids.length > 1)).join('  '));
  };
  const jobs = await Promise.all(ids.map((id) => waitForOne(id, { ...context, endMs, show })));
  terminal.progress(undefined);
  return jobs;
}

const isFinalState = (job: JobResource | undefined): boolean => job !== undefined && isFinal(job);

async function waitForOne(
  id: string,
  { api, now, sleep, endMs, show }: Context & { endMs: number; show(job: JobResource): void },
): Promise<JobResource> {
  let job: JobResource | undefined;
  let etag: string | undefined;
  for (;;) {
    const askedMs = now();
    const seconds = job ? Math.max(0, Math.min(LONG_POLL_SECONDS, Math.ceil((endMs - askedMs) / 1000))) : 0;
    const answer = await api.call({
      method: 'GET',
      path: `/jobs/${encodeURIComponent(id)}`,
      headers: {
        ...(seconds > 0 && { prefer: `wait=${seconds}` }),
        ...(etag && { 'if-none-match': etag }),
      },
    });
    if (answer.status === 200) {
      job = JSON.parse(answer.text) as JobResource;
      etag = answer.headers.get('etag') ?? undefined;
      show(job);
    }
    if (job && (isFinal(job) || now() >= endMs)) return job;
    const pauseMs = Math.min(PAUSE_MS - (now() - askedMs), endMs - now());
    if (pauseMs > 0) await sleep(pauseMs);
  }
}
