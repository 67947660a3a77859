import type { Notice } from '../../../functions/core/generated/notice.mjs';
import type { AcceptedRequest } from '../../../functions/domain/request/create-job-input.ts';
import type { FinalRecord } from '../../../functions/domain/watch/watch.ts';
import type { HistoryEntry } from '../../../local/states/store/history.ts';
import type { JobRun } from '../job-run.ts';
import type { Answer } from '../people.ts';
import type { Job } from '../world/job.ts';
import type { Delivered } from '../world/topic.ts';

/** One job request, and everything that a run produced for it. Times are milliseconds since the epoch. */
export interface JobRequestTrail {
  jobRun: JobRun;
  id: string;
  request: AcceptedRequest;
  status: string;
  closedAt: number;
  record: FinalRecord | undefined;
  /** The last answer of GET /jobs/{id}. */
  shown: Answer | undefined;
  events: readonly HistoryEntry[];
  /** By the mark at the end of their descriptions. */
  jobs: readonly Job[];
  notices: readonly Delivered[];
  /** When a caller knew that the request was cancelled. */
  cancelledAt: number | undefined;
}

/** A rule for every job request of every run; it returns the faults. */
export type Check = (trail: JobRequestTrail) => string[];

export const markOf = ({ request }: Job): string =>
  /\[([^\]]*)\]$/.exec(request.Description ?? '')?.[1] ?? '';

/** The first job request of the chain of automatic retries that an input belongs to. */
const chainIdOf = (input: string): string | undefined => (JSON.parse(input) as AcceptedRequest).chain?.id;

export function trailsOf(jobRun: JobRun): JobRequestTrail[] {
  return jobRun.executions.map(({ execution, events }, i) => ({
    shown: jobRun.shown[i],
    jobRun,
    id: execution.name,
    request: JSON.parse(execution.input) as AcceptedRequest,
    status: execution.status,
    closedAt: execution.stoppedAt ?? jobRun.endedAt,
    record: execution.output === undefined ? undefined : (JSON.parse(execution.output) as FinalRecord),
    events,
    jobs: jobRun.jobs.filter((job) => markOf(job) === execution.name),
    notices: jobRun.delivered.filter(({ notice }) => notice.jobRequestId === execution.name),
    cancelledAt: jobRun.cancelled.find(
      ({ id, isChain }) => id === execution.name || (isChain && id === chainIdOf(execution.input)),
    )?.at,
  }));
}

export const ofKind = ({ notices }: JobRequestTrail, kind: Notice['kind']): Delivered[] =>
  notices.filter(({ notice }) => notice.kind === kind);

/** An outage, a denial or a restart, in clock times. */
export interface Trouble {
  what: string;
  from: number;
  to: number;
}

export function troublesOf({ plan, startedAt }: JobRun): Trouble[] {
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

/** The events in order, each with the state that it belongs to. */
export function* eventsByState(
  events: readonly HistoryEntry[],
): Generator<{ state: string; event: HistoryEntry }> {
  let state = '';
  for (const event of events) {
    if (event.type.endsWith('StateEntered')) state = String(event.details?.['name']);
    yield { state, event };
  }
}
