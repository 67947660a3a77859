import { endOf, type Job } from '../world/job.ts';
import { type Check, type JobRequestTrail, troublesOf } from './job-request.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const ENDED = ['Complete', 'Failed', 'Cancelled'];

const deadlineOf = ({ request, jobs, closedAt }: JobRequestTrail): number =>
  (request.chain ? (jobs[0]?.createdAt ?? closedAt) : Date.parse(request.startAt ?? request.submittedAt)) +
  (request.watch.DeadlineSeconds ?? Number.POSITIVE_INFINITY) * 1000;

/** When the watch could end: at the job's end, at its deadline, or without a job. */
function reasonAt(trail: JobRequestTrail, job: Job | undefined): number {
  const startedAt = Math.max(trail.events[0]?.at ?? 0, Date.parse(trail.request.startAt ?? '') || 0);
  return Math.min(job ? endOf(job).from : startedAt, deadlineOf(trail), startedAt + YEAR_MS);
}

/** The watch ends as soon as the wait policy and the faults of the run allow. */
export const inTime: Check = (trail) => {
  const { jobRun, jobs, events, closedAt, status } = trail;
  if (status === 'ABORTED') return [];
  const reason = reasonAt(trail, jobs[0]);
  const startedAt = events[0]?.at ?? 0;
  const cap = Math.max(HOUR_MS / 2, 0.0025 * (reason - startedAt));
  const slack = 2 * cap + (jobRun.plan.isCalm ? HOUR_MS / 2 : 4 * HOUR_MS);
  const bound = troublesOf(jobRun)
    .filter(({ from, to }) => from <= closedAt && Number.isFinite(to))
    .reduce((latest, { to }) => Math.max(latest, to), reason);
  const lateSeconds = Math.round((closedAt - bound) / 1000);
  return lateSeconds * 1000 > slack ? [`the watch ended ${lateSeconds} s after it had a reason to`] : [];
};

/** Without faults, the end is noticed within 15 s or 2 % of the job's age, or within 15 min unless it is Complete. */
export const promise: Check = (trail) => {
  const { jobRun, jobs, record } = trail;
  const [job] = jobs;
  if (!jobRun.plan.isCalm || !job || !record) return [];
  const { skewSeconds, apiSkewSeconds, staleSeconds, shownAfterSeconds } = jobRun.plan.service;
  const end = endOf(job);
  const ageSeconds = (end.from - job.createdAt) / 1000 + Math.abs(skewSeconds);
  const promised = Math.max(
    15,
    0.02 * ageSeconds,
    end.status === 'Complete' ? 0 : 900,
    shownAfterSeconds + 15,
  );
  const noticedAt = Date.parse(record.noticedAt);
  const lateSeconds = (noticedAt - Math.min(end.from, deadlineOf(trail))) / 1000;
  const isEnded = ENDED.includes(end.status);
  return isEnded && lateSeconds > promised + staleSeconds + Math.abs(apiSkewSeconds) + 1
    ? [`${end.status} was noticed after ${lateSeconds} s, promised are ${Math.round(promised)}`]
    : [];
};
