/** What can be done with jobs, and what is asked before: always with figures that were read for the question. */
import { count, counted } from '../cli/output/words.ts';
import type { JobResource } from '../functions/core/generated/job-resource.mjs';
import type { CompletionReport } from '../functions/core/generated/report.mjs';
import { get, post } from './api.ts';
import { navigate } from './navigation.ts';
import type { Question } from './parts.tsx';

/** Each act is possible while the job has a link with its name. */
export type Act = 'confirm' | 'cancel' | 'retryFailed' | 'runRest';
export const acts: readonly [Act, string][] = [
  ['confirm', 'Confirm'],
  ['cancel', 'Cancel'],
  ['retryFailed', 'Retry failed'],
  ['runRest', 'Run the rest'],
];

const sum = (jobs: readonly JobResource[], value: (job: JobResource) => number) =>
  jobs.reduce((total, job) => total + value(job), 0);

/** `codes` are for a retry; none for all that may succeed now. One new job opens its page. */
export async function questionOf(
  kind: Act,
  ids: readonly string[],
  codes: readonly string[] = [],
): Promise<Question> {
  const all = await Promise.all(ids.map((id) => get<JobResource>(`/jobs/${id}`)));
  const jobs = all.filter(({ links }) => links[kind]);
  const noun = jobs.length === 1 ? 'this job' : counted(jobs.length, 'job');
  if (jobs.length === 0)
    return { title: 'Nothing to do', text: 'This is not possible now.', verb: 'Close', act: async () => {} };
  const done = sum(jobs, ({ progress }) => (progress ? progress.succeeded + progress.failed : 0));
  const total = sum(jobs, ({ progress }) => progress?.total ?? 0);
  const postEach = (call: string, body?: object) => async () => {
    for (const { jobRequestId } of jobs) {
      const answer = await post<JobResource>(`/jobs/${jobRequestId}/${call}`, body);
      if (answer.jobRequestId !== jobRequestId && jobs.length === 1)
        navigate(`/console/jobs/${answer.jobRequestId}`);
    }
  };
  if (kind === 'runRest') {
    const text = `The objects that never ran will run in a new job${jobs.length > 1 ? ' each' : ''}.`;
    return { title: `Run the rest of ${noun}?`, text, verb: 'Run the rest', act: postEach('run-rest') };
  }
  if (kind === 'cancel') {
    const text = `${counted(total - done, 'object')} will not run. What has run stays done: ${counted(done, 'object')}.`;
    return { title: `Cancel ${noun}?`, text, verb: `Cancel ${noun}`, act: postEach('cancel') };
  }
  if (kind === 'confirm') {
    const operations = jobs.map(({ operation }) => operation).join(', ');
    const text = `${operations} will run on ${counted(total, 'object')}.`;
    return { title: `Start ${noun}?`, text, verb: `Start ${noun}`, act: postEach('confirm') };
  }
  const digests = jobs.map(
    async ({ jobRequestId, digest }) =>
      digest ?? (await get<CompletionReport>(`/jobs/${jobRequestId}/report`)).digest,
  );
  const groups = (await Promise.all(digests)).flatMap(({ byCode }) => byCode);
  const isAll = codes.length === 0;
  const chosen = groups.filter((group) => (isAll ? group.isRetryable : codes.includes(group.errorCode)));
  const retried = chosen.reduce((sumSoFar, group) => sumSoFar + group.count, 0);
  const failed = count(sum(jobs, ({ progress }) => progress?.failed ?? 0));
  const which = isAll ? ': those whose error may pass by itself' : ` (${codes.join(', ')})`;
  return {
    title: `Retry ${noun}?`,
    text: `${counted(retried, 'object')} of ${failed} that failed will run again${which}.`,
    verb: 'Retry',
    act: postEach('retry-failed', isAll ? {} : { Codes: codes }),
  };
}
