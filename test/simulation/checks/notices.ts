import type { Entry } from '../world/job.ts';
import { type Check, eventsByState, type JobRequestTrail, ofKind, troublesOf } from './job-request.ts';

const HOUR_MS = 3_600_000;

/** Whatever happened: somebody was told, and whoever was told twice can know it. */
export const finalNotice: Check = (trail) =>
  ofKind(trail, 'final').length === 0 ? ['no final notice went out'] : [];

export const oneIdPerKind: Check = ({ notices }) => {
  const ids = new Map<string, string>();
  return notices.flatMap(({ notice: { kind, noticeId } }) => {
    const first = ids.get(kind) ?? noticeId;
    ids.set(kind, first);
    return first === noticeId ? [] : [`${kind} was told as ${first} and as ${noticeId}`];
  });
};

/** Calls of Publish after which nobody could know whether SNS has the notice. */
const doubtful = ({ life }: JobRequestTrail): number =>
  ['sns disconnect after work', 'sns slow', 'sns slow after work']
    .map((kind) => life.struck.get(kind) ?? 0)
    .reduce((sum, count) => sum + count, life.plan.restarts.length);

/** A kind is told again only where the first time was in doubt. */
export const toldOnce: Check = (trail) => {
  const kinds = new Set(trail.notices.map(({ notice }) => notice.kind));
  return [...kinds].flatMap((kind) => {
    const times = ofKind(trail, kind).length;
    const mayRepeat = kind === 'final' && trail.status !== 'SUCCEEDED';
    return mayRepeat || times <= 1 + doubtful(trail) ? [] : [`${kind} was told ${times} times`];
  });
};

/** Only what was asked for. */
export const wanted: Check = ({ request, notices }) => {
  const kinds = ['final', 'needs-confirmation', ...(request.watch.Notices ?? ['status-unreadable'])];
  return notices
    .filter(({ notice }) => !kinds.includes(notice.kind))
    .map(({ notice }) => `${notice.kind} was told and not wanted`);
};

/** When nothing is out of order, whoever wants to know of the job's creation is told. */
export const createdTold: Check = (trail) =>
  trail.life.plan.isCalm &&
  trail.jobs.length > 0 &&
  trail.request.watch.Notices?.includes('created') &&
  ofKind(trail, 'created').length === 0
    ? ['nobody was told that the job was created']
    : [];

/** A job that waits for its confirmation is told as soon as that is possible. */
export const suspendedTold: Check = (trail) => {
  const { life, jobs, closedAt } = trail;
  const timeline = jobs[0]?.timeline ?? [];
  const index = timeline.findIndex(({ status }) => status === 'Suspended');
  const since = timeline[index] as Entry | undefined;
  if (!since) return [];
  const until = Math.min(timeline[index + 1]?.from ?? closedAt, closedAt);
  const told = ofKind(trail, 'needs-confirmation')[0]?.at ?? Number.POSITIVE_INFINITY;
  const needed = life.plan.isCalm ? HOUR_MS : 4 * HOUR_MS;
  const shownAt = (jobs[0]?.createdAt ?? 0) + life.plan.service.shownAfterSeconds * 1000;
  const free = troublesOf(life).reduce(
    (start, { from, to }) => (from < start + needed && to > start ? to : start),
    Math.max(since.from, shownAt),
  );
  return free + needed <= until && told > free + needed ? ['nobody was told that the job waits'] : [];
};

interface Blindness {
  since: number;
  lastLookAt: number;
}

/** The times in which every look failed. */
function blindnesses({ events }: JobRequestTrail): Blindness[] {
  const found: Blindness[] = [];
  let present: Blindness | undefined;
  let enteredAt = 0;
  for (const { state, event } of eventsByState(events)) {
    if (state !== 'DescribeJob') continue;
    if (event.type === 'TaskStateEntered') enteredAt = event.at;
    if (event.type === 'LambdaFunctionSucceeded') present = undefined;
    if (event.type !== 'TaskStateExited') continue;
    const isBlind = String(event.details?.['output']) === '{}' && !isAnswered(events, event.id);
    if (!isBlind) continue;
    present ??= addTo(found, { since: enteredAt, lastLookAt: event.at });
    present.lastLookAt = event.at;
  }
  return found;
}

function addTo<T>(list: T[], entry: T): T {
  list.push(entry);
  return entry;
}

const isAnswered = (events: JobRequestTrail['events'], exitedId: number) =>
  events[exitedId - 2]?.type === 'LambdaFunctionSucceeded';

/** Told after an hour of blindness, and never without. */
export const statusUnreadable: Check = (trail) => {
  const { life, request } = trail;
  const told = ofKind(trail, 'status-unreadable');
  const blind = blindnesses(trail);
  const early = told.filter(
    ({ at }) => !blind.some(({ since, lastLookAt }) => at - since >= HOUR_MS && at - lastLookAt < HOUR_MS),
  );
  const isWanted = (request.watch.Notices ?? ['status-unreadable']).includes('status-unreadable');
  const isSilent = blind.some(({ since, lastLookAt }) => {
    const isDumb = troublesOf(life).some(
      ({ what, from, to }) => what === 'sns' && from < lastLookAt + HOUR_MS && to > since,
    );
    return lastLookAt - since >= 3 * HOUR_MS && !isDumb && !told.some(({ at }) => at <= lastLookAt + HOUR_MS);
  });
  return [
    ...(early.length > 0 ? ['status-unreadable was told before an hour without a look'] : []),
    ...(isWanted && isSilent ? ['nobody was told that the job cannot be seen'] : []),
  ];
};
