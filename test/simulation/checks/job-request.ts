import type { Notice } from '../../../functions/core/generated/notice.mjs';
import type { AcceptedRequest } from '../../../functions/domain/request/create-job-input.ts';
import type { FinalRecord } from '../../../functions/domain/watch/watch.ts';
import type { HistoryEntry } from '../../../local/states/store/history.ts';
import type { Life } from '../life.ts';
import type { Answer } from '../people.ts';
import type { Job } from '../world/job.ts';
import type { Delivered } from '../world/topic.ts';

/** One job request, and all that a life left behind of it. Times are milliseconds since the epoch. */
export interface JobRequestTrail {
  life: Life;
  id: string;
  request: AcceptedRequest;
  status: string;
  closedAt: number;
  record: FinalRecord | undefined;
  /** What GET /jobs/{id} says at last. */
  shown: Answer | undefined;
  events: readonly HistoryEntry[];
  /** By the mark at the end of their descriptions. */
  jobs: readonly Job[];
  notices: readonly Delivered[];
}

/** A rule that must hold for every job request of every life; it names what is wrong. */
export type Check = (trail: JobRequestTrail) => string[];

export const markOf = ({ request }: Job): string =>
  /\[([^\]]*)\]$/.exec(request.Description ?? '')?.[1] ?? '';

export function trailsOf(life: Life): JobRequestTrail[] {
  return life.executions.map(({ execution, events }, i) => ({
    shown: life.shown[i],
    life,
    id: execution.name,
    request: JSON.parse(execution.input) as AcceptedRequest,
    status: execution.status,
    closedAt: execution.stoppedAt ?? life.endedAt,
    record: execution.output === undefined ? undefined : (JSON.parse(execution.output) as FinalRecord),
    events,
    jobs: life.jobs.filter((job) => markOf(job) === execution.name),
    notices: life.delivered.filter(({ notice }) => notice.jobRequestId === execution.name),
  }));
}

export const ofKind = ({ notices }: JobRequestTrail, kind: Notice['kind']): Delivered[] =>
  notices.filter(({ notice }) => notice.kind === kind);

/** An outage or a denial, as times of the clock. */
export interface Trouble {
  what: string;
  from: number;
  to: number;
}

export function troublesOf({ plan, startedAt }: Life): Trouble[] {
  const at = (seconds: number) => startedAt + seconds * 1000;
  return [
    ...plan.outages.map(({ channel, from, to }) => ({ what: channel, from: at(from), to: at(to) })),
    ...plan.denials.map(({ action, from, to }) => ({ what: action, from: at(from), to: at(to) })),
    ...plan.restarts.map(({ atSeconds, downSeconds }) => ({
      what: 'restart',
      from: at(atSeconds),
      to: at(atSeconds + downSeconds),
    })),
  ];
}

/** The shipped state whose attempts or ends an event belongs to, with the event; in order. */
export function* eventsByState(
  events: readonly HistoryEntry[],
): Generator<{ state: string; event: HistoryEntry }> {
  let state = '';
  for (const event of events) {
    if (event.type.endsWith('StateEntered')) state = String(event.details?.['name']);
    yield { state, event };
  }
}
