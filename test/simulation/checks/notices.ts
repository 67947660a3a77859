import type { Entry } from '../world/job.ts';
import { type Check, eventsByState, type JobRequestTrail, ofKind, troublesOf } from './job-request.ts';

const HOUR_MS = 3_600_000;

/** Holds for every run. */
export const finalNotice: Check = (trail) =>
  ofKind(trail, 'final').length === 0 ? ['no final notice was published'] : [];

export const oneIdPerKind: Check = ({ notices }) => {
  const ids = new Map<string, string>();
  return notices.flatMap(({ notice: { kind, noticeId } }) => {
    const first = ids.get(kind) ?? noticeId;
    ids.set(kind, first);
    return first === noticeId ? [] : [`${kind} was published as ${first} and as ${noticeId}`];
  });
};

/** Calls of Publish after which it is not known whether SNS has the notice. */
const doubtful = ({ jobRun }: JobRequestTrail): number =>
  ['sns disconnect after work', 'sns slow', 'sns slow after work']
    .map((kind) => jobRun.struck.get(kind) ?? 0)
    .reduce((sum, count) => sum + count, jobRun.plan.restarts.length);

/** A kind is published again only if the first attempt was in doubt. */
export const publishedOnce: Check = (trail) => {
  const kinds = new Set(trail.notices.map(({ notice }) => notice.kind));
  return [...kinds].flatMap((kind) => {
    const times = ofKind(trail, kind).length;
    const mayRepeat = kind === 'final' && trail.status !== 'SUCCEEDED';
    return mayRepeat || times <= 1 + doubtful(trail) ? [] : [`${kind} was published ${times} times`];
  });
};

/** Only wanted kinds are published. */
export const wanted: Check = ({ request, notices }) => {
  const kinds = ['final', 'needs-confirmation', ...(request.watch.Notices ?? ['status-unreadable'])];
  return notices
    .filter(({ notice }) => !kinds.includes(notice.kind))
    .map(({ notice }) => `${notice.kind} was published and not wanted`);
};

/** Without faults, a wanted `created` notice is published. */
export const createdNotified: Check = (trail) =>
  trail.jobRun.plan.isCalm &&
  trail.jobs.length > 0 &&
  trail.request.watch.Notices?.includes('created') &&
  ofKind(trail, 'created').length === 0
    ? ['no notice of the job’s creation was published']
    : [];

/** The notice of a job that waits for confirmation is published as soon as possible. */
export const suspendedNotified: Check = (trail) => {
  const { jobRun, jobs, closedAt } = trail;
  const timeline = jobs[0]?.timeline ?? [];
  const index = timeline.findIndex(({ status }) => status === 'Suspended');
  const since = timeline[index] as Entry | undefined;
  if (!since) return [];
  const until = Math.min(timeline[index + 1]?.from ?? closedAt, closedAt);
  const notifiedAt = ofKind(trail, 'needs-confirmation')[0]?.at ?? Number.POSITIVE_INFINITY;
  const needed = jobRun.plan.isCalm ? HOUR_MS : 4 * HOUR_MS;
  const shownAt = (jobs[0]?.createdAt ?? 0) + jobRun.plan.service.shownAfterSeconds * 1000;
  const free = troublesOf(jobRun).reduce(
    (start, { from, to }) => (from < start + needed && to > start ? to : start),
    Math.max(since.from, shownAt),
  );
  return free + needed <= until && notifiedAt > free + needed
    ? ['no notice of the waiting job was published']
    : [];
};

interface UnreadablePeriod {
  since: number;
  lastPollAt: number;
}

/** The periods in which every poll failed. */
function unreadablePeriods({ events }: JobRequestTrail): UnreadablePeriod[] {
  const found: UnreadablePeriod[] = [];
  let present: UnreadablePeriod | undefined;
  let enteredAt = 0;
  for (const { state, event } of eventsByState(events)) {
    if (state !== 'DescribeJob') continue;
    if (event.type === 'TaskStateEntered') enteredAt = event.at;
    if (event.type === 'LambdaFunctionSucceeded') present = undefined;
    if (event.type !== 'TaskStateExited') continue;
    const isUnreadable = String(event.details?.['output']) === '{}' && !isAnswered(events, event.id);
    if (!isUnreadable) continue;
    present ??= addTo(found, { since: enteredAt, lastPollAt: event.at });
    present.lastPollAt = event.at;
  }
  return found;
}

function addTo<T>(list: T[], entry: T): T {
  list.push(entry);
  return entry;
}

const isAnswered = (events: JobRequestTrail['events'], exitedId: number) =>
  events[exitedId - 2]?.type === 'LambdaFunctionSucceeded';

/** Published after an hour without a successful poll, and never earlier. */
export const statusUnreadable: Check = (trail) => {
  const { jobRun, request } = trail;
  const published = ofKind(trail, 'status-unreadable');
  const periods = unreadablePeriods(trail);
  const early = published.filter(
    ({ at }) => !periods.some(({ since, lastPollAt }) => at - since >= HOUR_MS && at - lastPollAt < HOUR_MS),
  );
  const isWanted = (request.watch.Notices ?? ['status-unreadable']).includes('status-unreadable');
  const isMissing = periods.some(({ since, lastPollAt }) => {
    const isSnsDown = troublesOf(jobRun).some(
      ({ what, from, to }) => what === 'sns' && from < lastPollAt + HOUR_MS && to > since,
    );
    return (
      lastPollAt - since >= 3 * HOUR_MS &&
      !isSnsDown &&
      !published.some(({ at }) => at <= lastPollAt + HOUR_MS)
    );
  });
  return [
    ...(early.length > 0 ? ['status-unreadable was published before an hour without a successful poll'] : []),
    ...(isWanted && isMissing ? ['no notice of the unreadable status was published'] : []),
  ];
};
