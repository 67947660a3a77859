/** What can be done with a job, and what is asked before: always with figures that were read for the question. */
import { count, objectsText } from '../cli/output/words.ts';
import type { JobResource } from '../functions/core/generated/job-resource.mjs';
import { get, post } from './api.ts';
import { navigate } from './navigation.ts';
import type { Question } from './parts.tsx';

const read = (ids: readonly string[]) => Promise.all(ids.map((id) => get<JobResource>(`/jobs/${id}`)));

const sum = (
  jobs: readonly JobResource[],
  value: (progress: NonNullable<JobResource['progress']>) => number,
) => jobs.reduce((total, { progress }) => total + (progress ? value(progress) : 0), 0);

const each = (jobs: readonly JobResource[], call: string) => async () => {
  for (const { jobRequestId } of jobs) await post(`/jobs/${jobRequestId}/${call}`);
};

const nothing = (verb: string): Question => ({
  title: 'Nothing to do',
  text: `None of the jobs can be ${verb} now.`,
  verb: 'Close',
  act: async () => {},
});

const noun = (jobs: readonly unknown[]) => (jobs.length === 1 ? 'this job' : `${jobs.length} jobs`);

export async function cancelQuestion(ids: readonly string[]): Promise<Question> {
  const jobs = (await read(ids)).filter(({ links }) => links.cancel);
  if (jobs.length === 0) return nothing('cancelled');
  const [rest, done] = [
    sum(jobs, ({ total, succeeded, failed }) => total - succeeded - failed),
    sum(jobs, ({ succeeded, failed }) => succeeded + failed),
  ];
  return {
    title: `Cancel ${noun(jobs)}?`,
    text: `${objectsText(rest)} will not run. What has run stays done: ${objectsText(done)}.`,
    verb: `Cancel ${noun(jobs)}`,
    act: each(jobs, 'cancel'),
  };
}

export async function confirmQuestion(ids: readonly string[]): Promise<Question> {
  const jobs = (await read(ids)).filter(({ links }) => links.confirm);
  if (jobs.length === 0) return nothing('confirmed');
  return {
    title: `Start ${noun(jobs)}?`,
    text: `${jobs.map(({ operation }) => operation).join(', ')} will run on ${objectsText(sum(jobs, ({ total }) => total))}.`,
    verb: `Start ${noun(jobs)}`,
    act: each(jobs, 'confirm'),
  };
}

/** `codes` empty for all that may succeed now. One retry opens its page. */
export async function retryQuestion(
  ids: readonly string[],
  codes: readonly string[] = [],
): Promise<Question> {
  const jobs = (await read(ids)).filter(({ links }) => links.retryFailed);
  if (jobs.length === 0) return nothing('retried');
  const chosen = jobs
    .flatMap(({ digest }) => digest?.byCode ?? [])
    .filter(({ errorCode, isRetryable }) => (codes.length > 0 ? codes.includes(errorCode) : isRetryable))
    .reduce((total, { count: failed }) => total + failed, 0);
  return {
    title: `Retry ${noun(jobs)}?`,
    text: `${objectsText(chosen)} of ${count(sum(jobs, ({ failed }) => failed))} that failed will run again${codes.length > 0 ? ` (${codes.join(', ')})` : ': those whose error may pass by itself'}.`,
    verb: 'Retry',
    async act() {
      const body = codes.length > 0 ? { Codes: codes } : {};
      for (const { jobRequestId } of jobs) {
        const child = await post<JobResource>(`/jobs/${jobRequestId}/retry-failed`, body);
        if (jobs.length === 1) navigate(`/console/jobs/${child.jobRequestId}`);
      }
    },
  };
}
