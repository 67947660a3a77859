import { endOf, type Task, tasksOf } from '../world/job.ts';
import { type Check, type JobRequestTrail, ofKind, trailsOf } from './job-request.ts';

const finalOf = (trail: JobRequestTrail) => ofKind(trail, 'final').map(({ notice }) => notice);

/** The automatic retries of a job request. */
const childrenOf = ({ jobRun, id }: JobRequestTrail) =>
  trailsOf(jobRun).filter(({ request: { parent, chain } }) => chain && parent?.jobRequestId === id);

/** The tasks that the automatic retry of a job runs again, by the documented table of outcomes. */
function qualified({ request: { retry }, jobs: [job] }: JobRequestTrail): Task[] {
  if (!retry || !job) return [];
  const tasks = tasksOf(job);
  const { status: end } = endOf(job);
  if (!['Complete', 'Failed'].includes(end) || tasks.every(({ status }) => status === 'notRun')) return [];
  return tasks.filter(
    ({ status, isRetryable, result }) =>
      (status === 'failed' && isRetryable) ||
      (status === 'succeeded' && retry.Results?.includes(result)) ||
      (status === 'notRun' && end === 'Failed'),
  );
}

const linesOf = (tasks: readonly Task[] = []) => tasks.map(({ line }) => line).toSorted();

/** A job has at most one automatic retry, which runs exactly the tasks that qualify, after the time that was asked for. */
export const oneRetry: Check = (trail) => {
  const children = childrenOf(trail);
  const [child] = children;
  const [parentJob] = trail.jobs;
  const [childJob] = child?.jobs ?? [];
  if (!child) return [];
  const wanted = linesOf(qualified(trail));
  const earliest =
    parentJob && endOf(parentJob).from + (trail.request.retry?.AfterSeconds ?? 0) * 1000 - 1000;
  const slackMs = 1000 * Math.abs(trail.jobRun.plan.service.skewSeconds);
  return [
    ...(children.length > 1 ? [`there are ${children.length} automatic retries of one job`] : []),
    ...(wanted.length === 0 ? ['an automatic retry was started, and no task qualifies'] : []),
    ...(childJob?.rows && childJob.rows.toSorted().join() !== wanted.join()
      ? [`the retry runs ${childJob.rows.length} tasks, and ${wanted.length} qualify`]
      : []),
    ...(childJob && earliest && childJob.createdAt < earliest - slackMs
      ? ['the retry started too early']
      : []),
  ];
};

/** No retry is lost: it is started and named, or the notice says that it was not started. */
export const retryStarted: Check = (trail) => {
  const notices = finalOf(trail);
  const isOver = notices.some(({ outcome = '' }) =>
    ['Succeeded', 'CompletedWithFailures', 'Failed'].includes(outcome),
  );
  if (!isOver || trail.cancelledAt !== undefined || qualified(trail).length === 0) return [];
  const [child] = childrenOf(trail);
  const { isCalm, service } = trail.jobRun.plan;
  const isReadable = (service.reportAfterSeconds ?? Number.POSITIVE_INFINITY) < 500;
  const isNamed = notices.some(({ retry }) => retry?.jobRequestId === child?.id);
  const isAdmitted = notices.some(({ retry }) => retry?.state === 'not-started');
  return [
    ...(child || isAdmitted ? [] : ['a retry is missing, and no notice says so']),
    ...(isCalm && isReadable && !child ? ['a retry is missing'] : []),
    ...(child && !isNamed && !isAdmitted ? ['no final notice names the retry'] : []),
    ...(child && isCalm && !isNamed ? ['the final notice does not name the retry'] : []),
  ];
};

/** A chain ends after the times that the first request asked for. */
export const chainEnds: Check = ({ jobRun, request: { chain } }) => {
  const times = jobRun.plan.retries?.retry.Times ?? 0;
  return chain && chain.jobs > times + 1
    ? [`there are ${chain.jobs - 1} retries, and ${times} were asked for`]
    : [];
};

/** The notice of the last job has the totals of what became of each task of the first one, by its last run. */
export const totalsHold: Check = (trail) => {
  const { request, jobRun } = trail;
  const [notice] = finalOf(trail);
  if (!request.chain || !notice || childrenOf(trail).length > 0) return [];
  if (
    !['Succeeded', 'CompletedWithFailures', 'Failed', 'Cancelled', 'NotCreated'].includes(
      notice.outcome ?? '',
    )
  )
    return [];
  const first = request.chain.id;
  const members = trailsOf(jobRun).filter(
    ({ id, request: { chain } }) => id === first || chain?.id === first,
  );
  const last = new Map<string, Task['status']>();
  for (const [index, member] of members.entries()) {
    const before = members[index - 1];
    const [job] = member.jobs;
    const tasks = job
      ? tasksOf(job)
      : before
        ? qualified(before).map((task) => ({ ...task, status: 'notRun' as const }))
        : [];
    for (const { line, status } of tasks) last.set(line, status);
  }
  const count = (status: Task['status']) => [...last.values()].filter((each) => each === status).length;
  const truth = {
    jobs: members.length,
    total: last.size,
    succeeded: count('succeeded'),
    failed: count('failed'),
    left: count('notRun'),
  };
  return JSON.stringify(notice.totals) === JSON.stringify(truth)
    ? []
    : [`the totals are ${JSON.stringify(notice.totals)}, and the tasks ${JSON.stringify(truth)}`];
};
